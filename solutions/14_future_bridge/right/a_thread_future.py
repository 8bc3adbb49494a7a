import asyncio
import concurrent.futures
from contextlib import suppress


async def scan(scanner):
    page = concurrent.futures.Future()  # its set_result may be called from any thread

    def on_page(text):
        with suppress(concurrent.futures.InvalidStateError):
            page.set_result(text)

    def on_error(error):
        with suppress(concurrent.futures.InvalidStateError):
            page.set_exception(error)

    scanner.start(on_page, on_error)
    try:
        return await asyncio.wrap_future(page)
    except asyncio.CancelledError:
        scanner.stop()
        raise
