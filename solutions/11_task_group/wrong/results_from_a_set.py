# fails: test_keeps_the_order_of_the_listing
# looks like: all the answers are there, but they are not in the order of the listing
import asyncio


async def backup(next_page, copy):
    copies = set()
    async with asyncio.TaskGroup() as group:
        while page := await next_page():
            copies |= {group.create_task(copy(file)) for file in page}
    return [task.result() for task in copies]
