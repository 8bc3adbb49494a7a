# fails: test_close_waits_for_what_is_being_called_out test_all_news_is_heard
# looks like: one variable holds the task, and the next call overwrites it
import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._last = asyncio.get_running_loop().create_future()
        self._last.set_result(None)

    async def refresh(self, names):
        prices = await asyncio.gather(*(self.ask(name) for name in names))
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._last = asyncio.create_task(self.call(news))

    async def close(self):
        await self._last
