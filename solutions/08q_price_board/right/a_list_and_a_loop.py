import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = []

    async def refresh(self, names):
        tasks = {name: asyncio.create_task(self.ask(name)) for name in names}
        for name, task in tasks.items():
            self.prices[name] = await task
        return [self.prices[name] for name in names]

    async def price(self, name):
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news):
        self._calls.append(asyncio.create_task(self.call(news)))

    async def close(self):
        while self._calls:
            await self._calls.pop()
