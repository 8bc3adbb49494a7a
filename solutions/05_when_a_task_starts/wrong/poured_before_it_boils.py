# fails: test_the_tea_is_made_with_the_water
# looks like: the tea is poured before anybody has waited for the water
import asyncio

PREDICTION = ["laying the table", "kettle on", "table laid", "tea is poured", "water boils"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    log("tea is poured")
    return f"tea with {await kettle}"
