from contextlib import AsyncExitStack, asynccontextmanager


@asynccontextmanager
async def opened(dome):
    async with AsyncExitStack() as stack:
        await dome.open()
        stack.push_async_callback(dome.close)
        yield dome
