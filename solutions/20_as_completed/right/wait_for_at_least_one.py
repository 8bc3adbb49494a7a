import asyncio


async def read_out(districts, count, announce):
    pending = {asyncio.create_task(count(district)) for district in districts}
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            announce(task.result())
