# fails: test_happens_as_predicted
# looks like: the breakfast is right, and the prediction still says that the task starts at once
import asyncio

PREDICTION = ["kettle on", "laying the table", "table laid", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    kettle = asyncio.create_task(boil())
    await lay()
    water = await kettle
    log("tea is poured")
    return f"tea with {water}"
