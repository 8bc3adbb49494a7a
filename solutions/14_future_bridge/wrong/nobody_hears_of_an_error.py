# fails: test_an_error_is_raised
# looks like: an error was reported, and it never got as far as the caller
import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    page = loop.create_future()

    def on_page(text):
        if not page.done():
            page.set_result(text)

    scanner.start(lambda text: loop.call_soon_threadsafe(on_page, text), print)
    try:
        return await page
    except asyncio.CancelledError:
        scanner.stop()
        raise
