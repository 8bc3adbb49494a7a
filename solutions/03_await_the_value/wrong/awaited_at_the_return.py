# fails: test_remembers_the_number test_takes_as_long_as_one_look_up test_an_error_is_not_remembered
# looks like: the coroutine itself is kept, and it can be awaited only once
async def price_of(item, look_up, known):
    if item not in known:
        known[item] = look_up(item)
    return await known[item]
