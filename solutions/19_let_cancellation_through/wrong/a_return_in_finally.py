# fails: test_a_cancelled_task_is_cancelled test_a_timeout_around_it_is_noticed test_an_error_goes_on
# looks like: everything that came by was caught, errors and cancellations alike
import asyncio


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    finally:
        await feed.close()
        return
