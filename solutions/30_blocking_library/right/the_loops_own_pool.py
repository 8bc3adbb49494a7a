import asyncio


async def price_list(price, articles):
    loop = asyncio.get_running_loop()
    calls = [loop.run_in_executor(None, price, article) for article in articles]
    return [await call for call in calls]
