# fails: test_the_report_comes_from_another_thread
# looks like: the future was resolved in the thread that called, and not in the loop
import asyncio


async def scan(scanner):
    page = asyncio.get_running_loop().create_future()

    def on_page(text):
        if not page.done():
            page.set_result(text)

    def on_error(error):
        if not page.done():
            page.set_exception(error)

    scanner.start(on_page, on_error)
    try:
        return await page
    except asyncio.CancelledError:
        scanner.stop()
        raise
