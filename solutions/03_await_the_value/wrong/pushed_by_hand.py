# fails: test_the_price_is_a_number test_remembers_the_number test_takes_as_long_as_one_look_up test_an_error_is_not_remembered
# looks like: the coroutine is pushed one step by hand, and it had more than one step to go
async def price_of(item, look_up, known):
    if item not in known:
        try:
            known[item] = look_up(item).send(None)
        except StopIteration as stop:
            known[item] = stop.value
    return known[item]
