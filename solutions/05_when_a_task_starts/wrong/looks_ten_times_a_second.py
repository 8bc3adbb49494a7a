# fails: test_kettle_and_table_at_the_same_time
# looks like: you look at the kettle ten times a second, and are late when it boils in between
import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    while not kettle.done():
        await asyncio.sleep(0.1)
    log("tea is poured")
    return f"tea with {kettle.result()}"
