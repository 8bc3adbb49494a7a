import asyncio


async def price_of(item, look_up, known):
    try:
        return known[item]
    except KeyError:
        task = asyncio.create_task(look_up(item))
        known[item] = await task
        return task.result()
