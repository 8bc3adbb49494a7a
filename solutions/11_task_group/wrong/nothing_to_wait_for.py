# fails: test_keeps_the_order_of_the_listing
# looks like: asyncio.wait was called with no tasks at all, which is what an empty listing leaves
import asyncio


async def backup(next_page, copy):
    async with asyncio.TaskGroup() as group:
        copies = []
        while page := await next_page():
            copies += [group.create_task(copy(file)) for file in page]
        await asyncio.wait(copies)
    return [task.result() for task in copies]
