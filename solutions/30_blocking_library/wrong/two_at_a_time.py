# fails: test_asks_for_all_prices_at_the_same_time
# looks like: a pool of two threads asks for two prices at a time
import asyncio
from concurrent.futures import ThreadPoolExecutor

suppliers = ThreadPoolExecutor(max_workers=2)


async def price_list(price, articles):
    loop = asyncio.get_running_loop()
    return await asyncio.gather(*(loop.run_in_executor(suppliers, price, article) for article in articles))
