# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: the function is called here, and the thread gets its result to call
import asyncio


async def price_list(price, articles):
    return await asyncio.gather(*(asyncio.to_thread(price(article)) for article in articles))
