# fails: test_kettle_and_table_at_the_same_time
# looks like: the table is laid before the kettle is put on, or the other way round
PREDICTION = ["laying the table", "table laid", "kettle on", "water boils", "tea is poured"]


async def breakfast(boil, lay, log):
    await lay()
    water = await boil()
    log("tea is poured")
    return f"tea with {water}"
