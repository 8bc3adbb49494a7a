import asyncio


async def read_out(districts, count, announce):
    async def count_and_announce(district):
        announce(await count(district))

    async with asyncio.TaskGroup() as group:
        for district in districts:
            group.create_task(count_and_announce(district))
