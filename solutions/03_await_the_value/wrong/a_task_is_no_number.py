# fails: test_the_price_is_a_number test_remembers_the_number test_takes_as_long_as_one_look_up test_an_error_is_not_remembered
# looks like: a task is kept and returned in place of its result
import asyncio


async def price_of(item, look_up, known):
    if item not in known:
        known[item] = asyncio.create_task(look_up(item))
    return known[item]
