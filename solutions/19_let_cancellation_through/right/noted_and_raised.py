import asyncio


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except asyncio.CancelledError:
        keep("(stopped)")
        raise
    finally:
        await feed.close()
