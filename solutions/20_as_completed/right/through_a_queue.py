import asyncio


async def read_out(districts, count, announce):
    results = asyncio.Queue()

    async def report(district):
        await results.put(await count(district))

    async with asyncio.TaskGroup() as group:
        for district in districts:
            group.create_task(report(district))
        for _ in districts:
            announce(await results.get())
