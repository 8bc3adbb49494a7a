# fails: test_asks_for_all_prices_at_the_same_time
# looks like: the prices stand in the order in which they came in
import asyncio


async def price_list(price, articles):
    prices = {}

    async def ask(article):
        prices[article] = await asyncio.to_thread(price, article)

    await asyncio.gather(*map(ask, articles))
    return list(prices.values())
