# fails: test_a_second_cancellation_changes_nothing
# looks like: one cancellation was expected, and the second one cut the commit in two or left it alone
import asyncio


async def transfer(commit):
    task = asyncio.create_task(commit())
    try:
        return await asyncio.shield(task)
    finally:
        await task
