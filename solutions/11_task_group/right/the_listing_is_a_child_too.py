import asyncio


async def backup(next_page, copy):
    copies = []

    async def read_the_listing(group):
        while page := await next_page():
            copies.extend(group.create_task(copy(file)) for file in page)

    async with asyncio.TaskGroup() as group:
        group.create_task(read_the_listing(group))
    return [task.result() for task in copies]
