# fails: test_the_first_result_does_not_wait_for_the_last test_each_result_at_its_own_moment
# looks like: the tasks are awaited in the order of the list, so a quick one waits behind a slow one
import asyncio


async def read_out(districts, count, announce):
    tasks = [asyncio.create_task(count(district)) for district in districts]
    for task in tasks:
        announce(await task)
