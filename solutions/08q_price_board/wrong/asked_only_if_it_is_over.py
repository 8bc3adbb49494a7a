# fails: test_close_tells_what_went_wrong
# looks like: close asks the tasks that have ended before, and not those that end while it waits
import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = []

    async def refresh(self, names):
        prices = await asyncio.gather(*(self.ask(name) for name in names))
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls.append(asyncio.create_task(self.call(news)))

    async def close(self):
        for call in self._calls:
            if call.done():
                call.result()
            else:
                await asyncio.wait([call])
