# fails: test_remembers_the_number test_takes_as_long_as_one_look_up test_an_error_is_not_remembered
# looks like: the price is a constant, and nobody asks the catalogue
async def price_of(item, look_up, known):
    known[item] = 350
    return known[item]
