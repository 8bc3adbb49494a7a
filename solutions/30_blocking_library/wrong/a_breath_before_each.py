# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: the loop has one turn before each call, and none during it
import asyncio


async def price_list(price, articles):
    prices = []
    for article in articles:
        await asyncio.sleep(0)
        prices.append(price(article))
    return prices
