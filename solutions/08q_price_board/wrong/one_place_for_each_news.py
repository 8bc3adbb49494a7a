# fails: test_all_news_is_heard
# looks like: the tasks are kept under their news, and news that comes twice takes the place of the first
import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = {}

    async def refresh(self, names):
        prices = await asyncio.gather(*(self.ask(name) for name in names))
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls[news] = asyncio.create_task(self.call(news))

    async def close(self):
        await asyncio.gather(*self._calls.values())
