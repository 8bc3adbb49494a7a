# fails: test_kettle_and_table_at_the_same_time
# looks like: the task is awaited before the table is laid, so nothing happens at the same time
import asyncio

PREDICTION = ["kettle on", "water boils", "laying the table", "table laid", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    water = await kettle
    await lay()
    log("tea is poured")
    return f"tea with {water}"
