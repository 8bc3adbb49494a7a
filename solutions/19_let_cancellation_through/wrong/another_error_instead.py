# fails: test_a_cancelled_task_is_cancelled test_a_timeout_around_it_is_noticed test_the_feed_is_closed_once_when_cancelled
# looks like: the cancellation was turned into something else on its way
import asyncio


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except asyncio.CancelledError as error:
        raise RuntimeError("stopped") from error
    finally:
        await feed.close()
