"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []
        self.fresh = asyncio.Event()

    async def put(self, loaves):
        self.loaves += loaves
        self.fresh.set()

    async def take(self, count):
        while len(self.loaves) < count:
            self.fresh.clear()
            await self.fresh.wait()
        taken, self.loaves = self.loaves[:count], self.loaves[count:]
        return taken
