# fails: test_transfer_does_not_end_before_the_commit test_a_second_cancellation_changes_nothing
# looks like: transfer() was over while the commit was still under way
import asyncio


async def transfer(commit):
    task = asyncio.create_task(commit())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=1)
        raise
