import asyncio


async def scan(scanner):
    loop, there, box = asyncio.get_running_loop(), asyncio.Event(), []

    def on_report(report):
        box.append(report)
        loop.call_soon_threadsafe(there.set)

    scanner.start(on_report, on_report)
    try:
        await there.wait()
    finally:
        if not there.is_set():
            scanner.stop()
    match box[0]:
        case Exception() as error:
            raise error
        case page:
            return page
