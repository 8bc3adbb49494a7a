# fails: test_each_result_at_its_own_moment
# looks like: the tasks are looked at ten times a second, and a result waits for the next look
import asyncio


async def read_out(districts, count, announce):
    tasks = [asyncio.create_task(count(district)) for district in districts]
    while tasks:
        for task in [task for task in tasks if task.done()]:
            tasks.remove(task)
            announce(task.result())
        if tasks:
            await asyncio.sleep(0.1)
