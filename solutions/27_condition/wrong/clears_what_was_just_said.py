# fails: test_a_call_is_heard_in_every_order
# looks like: between the look at the shelf and the wait somebody may call, and the customer clears that call
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self) -> None:
        self.loaves: list[str] = []
        self.fresh = asyncio.Event()

    async def put(self, loaves: list[str]) -> None:
        self.loaves += loaves
        self.fresh.set()

    async def take(self, count: int) -> list[str]:
        while len(self.loaves) < count:
            await asyncio.sleep(0)  # the bakers go first
            self.fresh.clear()
            await self.fresh.wait()
        taken, self.loaves = self.loaves[:count], self.loaves[count:]
        return taken
