import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = []

    async def refresh(self, names):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.ask(name)) for name in names]
        prices = [task.result() for task in tasks]
        self.prices |= dict(zip(names, prices, strict=True))
        return prices

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls.append(asyncio.create_task(self.call(news)))

    async def close(self):
        outcomes = await asyncio.gather(*self._calls, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
