# fails: test_close_waits_for_what_is_being_called_out
# looks like: close looks ten times a second whether all calls are over
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
        while not all(call.done() for call in self._calls):
            await asyncio.sleep(0.1)
        for call in self._calls:
            call.result()
