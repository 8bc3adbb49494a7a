# fails: test_a_failure_stops_everything_at_once
# looks like: the failure of one copy reached the others late, or not at all
import asyncio


async def backup(next_page, copy):
    copies = []
    async with asyncio.TaskGroup():
        while page := await next_page():
            copies += [asyncio.create_task(copy(file)) for file in page]
    return [await task for task in copies]
