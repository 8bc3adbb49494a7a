import asyncio


async def scan(scanner):
    reports = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def send(report):
        loop.call_soon_threadsafe(reports.put_nowait, report)

    scanner.start(send, send)
    try:
        report = await reports.get()
    except asyncio.CancelledError:
        scanner.stop()
        raise
    if isinstance(report, Exception):
        raise report
    return report
