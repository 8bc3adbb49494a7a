# fails: test_all_prices_at_once_and_each_in_its_place
# looks like: the prices are in the order in which the stalls answered
import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = []

    async def refresh(self, names):
        prices = [await answer for answer in asyncio.as_completed([self.ask(name) for name in names])]
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls.append(asyncio.create_task(self.call(news)))

    async def close(self):
        await asyncio.gather(*self._calls)
