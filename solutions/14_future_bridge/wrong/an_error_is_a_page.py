# fails: test_an_error_is_raised
# looks like: an error that was reported is handed over as if it were a page
import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def settle(report):
        if not future.done():
            future.set_result(report)

    scanner.start(*[lambda report: loop.call_soon_threadsafe(settle, report)] * 2)
    try:
        return await future
    except asyncio.CancelledError:
        scanner.stop()
        raise
