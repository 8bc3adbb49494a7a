# fails: test_kettle_and_table_at_the_same_time
# looks like: you wait for so long that every kettle is done, and for much longer than most of them need
import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    await asyncio.sleep(20)
    water = kettle.result()
    log("tea is poured")
    return f"tea with {water}"
