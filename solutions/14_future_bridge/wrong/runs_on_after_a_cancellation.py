# fails: test_a_cancelled_scan_stops_the_scanner
# looks like: scan() was cancelled, and the scanner was not told or the cancellation went no further
import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    page = loop.create_future()

    def settle(method, value):
        if not page.done():
            method(value)

    scanner.start(
        lambda text: loop.call_soon_threadsafe(settle, page.set_result, text),
        lambda error: loop.call_soon_threadsafe(settle, page.set_exception, error),
    )
    return await page
