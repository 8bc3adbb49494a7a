import asyncio

PREDICTION = ["kettle on", "laying the table", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    water, _ = await asyncio.gather(boil(), lay())
    log("tea is poured")
    return f"tea with {water}"
