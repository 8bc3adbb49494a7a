import asyncio

PREDICTION = ["kettle on", "laying the table", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await asyncio.sleep(0)  # now it has started
    await lay()
    water = await kettle
    log("tea is poured")
    return f"tea with {water}"
