import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    await asyncio.wait([kettle])
    water = kettle.result()
    log("tea is poured")
    return f"tea with {water}"
