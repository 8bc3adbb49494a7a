# fails: test_remembers_the_number test_takes_as_long_as_one_look_up
# looks like: the price is returned, and nothing is remembered
async def price_of(item, look_up, known):
    if item in known:
        return known[item]
    return await look_up(item)
