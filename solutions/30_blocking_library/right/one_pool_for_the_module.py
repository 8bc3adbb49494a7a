import asyncio
from concurrent.futures import ThreadPoolExecutor

suppliers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="supplier")


async def price_list(price, articles):
    calls = [suppliers.submit(price, article) for article in articles]
    return await asyncio.gather(*map(asyncio.wrap_future, calls))
