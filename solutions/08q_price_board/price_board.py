"""The price board of a market hall."""

import asyncio
from collections.abc import Callable, Coroutine

Ask = Callable[[str], Coroutine[None, None, int]]
Call = Callable[[str], Coroutine[None, None, None]]


class PriceBoard:
    def __init__(self, ask: Ask, call: Call) -> None:
        self.ask = ask
        self.call = call
        self.prices: dict[str, int] = {}
        self._calls: list[asyncio.Task[None]] = []  # held until somebody has asked how they ended

    async def refresh(self, names: list[str]) -> list[int]:
        """Ask for all prices at the same time; remember them, and return them in the order of `names`."""
        prices = await asyncio.gather(*(self.ask(name) for name in names))  # in the order of the names
        self.prices.update(zip(names, prices, strict=True))
        return prices

    async def price(self, name: str) -> int:
        """One price: the one that is remembered, or else ask for it, and remember it."""
        if name not in self.prices:
            self.prices[name] = await self.ask(name)
        return self.prices[name]

    def call_out(self, news: str) -> None:
        """Start calling out the news, and return without waiting for it."""
        self._calls.append(asyncio.create_task(self.call(news)))

    async def close(self) -> None:
        """Return when everything has been called out. An error of a call goes to the caller of `close`."""
        while self._calls:
            await self._calls.pop()  # waits for its end, and raises what it raised
