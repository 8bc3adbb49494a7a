from contextlib import AsyncExitStack


async def listen(feed, keep):
    async with AsyncExitStack() as stack:
        stack.push_async_callback(feed.close)
        while True:
            message = await feed.read()
            if message is None:
                break
            keep(message)
