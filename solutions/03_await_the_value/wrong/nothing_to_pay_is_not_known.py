# fails: test_remembers_the_number
# looks like: a price of 0 is taken for no price, and looked up again
async def price_of(item, look_up, known):
    if not known.get(item):
        known[item] = await look_up(item)
    return known[item]
