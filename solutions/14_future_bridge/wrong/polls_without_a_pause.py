# fails: test_goes_on_when_the_page_is_there test_an_error_is_raised test_a_second_report_changes_nothing test_a_cancelled_scan_stops_the_scanner test_the_report_comes_from_another_thread
# looks like: the loop was kept busy with asking, so its clock never got on
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
    try:
        while not page.done():
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        scanner.stop()
        raise
    return page.result()
