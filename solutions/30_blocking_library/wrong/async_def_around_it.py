# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: an `async def` round a function that blocks still blocks
import asyncio


async def price_list(price, articles):
    async def ask(article):
        return price(article)

    return await asyncio.gather(*map(ask, articles))
