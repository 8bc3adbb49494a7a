# fails: test_transfer_does_not_end_before_the_commit test_a_second_cancellation_changes_nothing test_the_cancellation_goes_on test_without_a_cancellation
# looks like: the commit was started, and nobody waited for it
import asyncio


async def transfer(commit):
    task = asyncio.create_task(commit())
    await asyncio.sleep(0)
    return f"commit {task.get_name()} has begun"
