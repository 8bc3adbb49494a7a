# fails: test_a_cancelled_task_is_cancelled test_a_timeout_around_it_is_noticed
# looks like: the cancellation ended in listen(), and whoever asked for it never saw it come back
import asyncio


async def listen(feed, keep):
    while True:
        try:
            message = await feed.read()
        except asyncio.CancelledError:
            break
        except Exception:
            await feed.close()
            raise
        if message is None:
            break
        keep(message)
    await feed.close()
