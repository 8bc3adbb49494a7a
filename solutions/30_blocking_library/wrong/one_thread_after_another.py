# fails: test_asks_for_all_prices_at_the_same_time
# looks like: each call has a thread, and the next one starts when it is done
import asyncio


async def price_list(price, articles):
    return [await asyncio.to_thread(price, article) for article in articles]
