# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: a pool is made and closed for each article, and closing one waits on the loop's thread
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def price_list(price, articles):
    prices = []
    for article in articles:
        with ThreadPoolExecutor() as pool:
            prices.append(pool.submit(price, article))
    return [await asyncio.wrap_future(each) for each in prices]
