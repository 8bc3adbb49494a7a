# fails: test_happens_as_predicted test_the_tea_is_made_with_the_water test_kettle_and_table_at_the_same_time
# looks like: you wait for a fixed moment, and some kettles need longer
import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    await asyncio.sleep(0.1)
    water = kettle.result()
    log("tea is poured")
    return f"tea with {water}"
