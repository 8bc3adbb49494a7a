# fails: test_a_cancelled_task_is_cancelled test_a_timeout_around_it_is_noticed
# looks like: the cancellation ended in listen(), and whoever asked for it never saw it come back
import asyncio


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except asyncio.CancelledError:
        await feed.close()
        return
    except Exception:
        await feed.close()
        raise
    await feed.close()
