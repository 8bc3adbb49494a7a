# fails: test_remembers_the_number test_an_error_is_not_remembered
# looks like: what is remembered is a task, and readers of the dict expect a number
import asyncio


async def price_of(item, look_up, known):
    if item not in known:
        known[item] = asyncio.ensure_future(look_up(item))
    return await known[item]
