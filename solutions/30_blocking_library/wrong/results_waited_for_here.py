# fails: test_the_event_loop_goes_on test_asks_for_all_prices_at_the_same_time test_an_error_reaches_the_caller
# looks like: `result()` of a thread's future blocks until the thread is done
from concurrent.futures import ThreadPoolExecutor

suppliers = ThreadPoolExecutor(max_workers=8)


async def price_list(price, articles):
    calls = [suppliers.submit(price, article) for article in articles]
    return [call.result() for call in calls]
