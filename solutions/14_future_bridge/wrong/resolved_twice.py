# fails: test_a_second_report_changes_nothing test_a_cancelled_scan_stops_the_scanner
# looks like: a future that was done already, or cancelled, was resolved once more
import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    page = loop.create_future()
    scanner.start(
        lambda text: loop.call_soon_threadsafe(page.set_result, text),
        lambda error: loop.call_soon_threadsafe(page.set_exception, error),
    )
    try:
        return await page
    except asyncio.CancelledError:
        scanner.stop()
        raise
