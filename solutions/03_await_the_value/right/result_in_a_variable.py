async def price_of(item, look_up, known):
    price = known.get(item)
    if price is None:
        price = await look_up(item)
        known[item] = price
    return price
