# fails: test_close_tells_what_went_wrong
# looks like: a task is let go of when it has ended, and its error goes with it
import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = set()

    async def refresh(self, names):
        prices = await asyncio.gather(*(self.ask(name) for name in names))
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        task = asyncio.create_task(self.call(news))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def close(self):
        await asyncio.gather(*self._calls)
