# fails: test_a_cancelled_task_is_cancelled test_a_timeout_around_it_is_noticed test_the_feed_is_closed_once_when_cancelled test_an_error_goes_on test_everything_is_kept_to_the_end
# looks like: closing was started, and nobody waited until it was done
import asyncio


closing = set()


async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    finally:
        task = asyncio.create_task(feed.close())
        closing.add(task)
        task.add_done_callback(closing.discard)
