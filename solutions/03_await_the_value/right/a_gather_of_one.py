import asyncio


async def price_of(item, look_up, known):
    if item in known:
        return known[item]
    [price] = await asyncio.gather(look_up(item))
    return known.setdefault(item, price)
