# fails: test_remembers_the_number test_takes_as_long_as_one_look_up
# looks like: the price is looked up again although it is known
async def price_of(item, look_up, known):
    known[item] = await look_up(item)
    return known[item]
