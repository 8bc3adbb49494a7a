from contextlib import asynccontextmanager


@asynccontextmanager
async def closing(feed):
    try:
        yield feed
    finally:
        await feed.close()


async def listen(feed, keep):
    async with closing(feed):
        while (message := await feed.read()) is not None:
            keep(message)
