import asyncio


class PriceBoard:
    def __init__(self, ask, call):
        self.ask = ask
        self.call = call
        self.prices = {}
        self._calls = set()
        self._errors = []

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
        task.add_done_callback(self._over)

    async def close(self):
        while self._calls:
            await asyncio.wait(self._calls)
        if self._errors:
            raise ExceptionGroup("calls that failed", self._errors)

    def _over(self, task):
        self._calls.discard(task)
        if error := task.exception():
            self._errors.append(error)
