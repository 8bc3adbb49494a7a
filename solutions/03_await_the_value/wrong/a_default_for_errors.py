# fails: test_an_error_is_not_remembered
# looks like: a look-up that failed is turned into a price of 0
async def price_of(item, look_up, known):
    if item not in known:
        try:
            known[item] = await look_up(item)
        except Exception:
            known[item] = 0
    return known[item]
