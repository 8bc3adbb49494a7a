# fails: test_a_timeout_around_it_is_noticed test_the_feed_is_closed_once_when_cancelled
# looks like: on a cancellation the feed is not closed, or closed more than once
import asyncio


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except Exception:
        await feed.close()
        raise
    await feed.close()
