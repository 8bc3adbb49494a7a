# fails: test_all_news_is_heard test_close_tells_what_went_wrong
# looks like: the tasks are in a WeakSet, which holds nothing
import asyncio
import weakref


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = weakref.WeakSet()

    async def refresh(self, names):
        prices = await asyncio.gather(*(self.ask(name) for name in names))
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls.add(asyncio.create_task(self.call(news)))

    async def close(self):
        await asyncio.gather(*self._calls)
