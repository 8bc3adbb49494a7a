import asyncio


async def read_out(districts, count, announce):
    tasks = [asyncio.create_task(count(district)) for district in districts]
    for task in tasks:
        task.add_done_callback(lambda done: announce(done.result()))
    await asyncio.gather(*tasks)
