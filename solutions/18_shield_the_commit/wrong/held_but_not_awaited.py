# fails: test_transfer_does_not_end_before_the_commit test_a_second_cancellation_changes_nothing
# looks like: transfer() was over while the commit was still under way
import asyncio


under_way = set()


async def transfer(commit):
    task = asyncio.create_task(commit())
    under_way.add(task)
    task.add_done_callback(under_way.discard)
    return await asyncio.shield(task)
