import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    page = loop.create_future()
    page.add_done_callback(lambda done: done.cancelled() and scanner.stop())

    def resolve(method, value):
        if not page.done():
            method(value)

    scanner.start(
        lambda text: loop.call_soon_threadsafe(resolve, page.set_result, text),
        lambda error: loop.call_soon_threadsafe(resolve, page.set_exception, error),
    )
    return await page
