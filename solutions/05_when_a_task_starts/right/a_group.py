import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    async with asyncio.TaskGroup() as group:
        kettle = group.create_task(boil())
        await lay()
    water = kettle.result()
    log("tea is poured")
    return f"tea with {water}"
