# fails: test_an_error_is_raised
# looks like: an error was reported, and it never got as far as the caller
import asyncio


async def scan(scanner):
    loop, there, box = asyncio.get_running_loop(), asyncio.Event(), []

    def on_page(text):
        box.append(text)
        loop.call_soon_threadsafe(there.set)

    def on_error(error):
        loop.call_soon_threadsafe(there.set)

    scanner.start(on_page, on_error)
    try:
        await there.wait()
    except asyncio.CancelledError:
        scanner.stop()
        raise
    return box[0] if box else ""
