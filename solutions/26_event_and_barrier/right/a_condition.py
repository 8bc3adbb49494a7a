"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers, self.arrived = walkers, 0
        self.opened = asyncio.Event()
        self.changed = asyncio.Condition()

    def open_gate(self):
        self.opened.set()

    async def gate(self):
        await self.opened.wait()

    async def hut(self):
        async with self.changed:
            self.arrived += 1
            enough = -(-self.arrived // self.walkers) * self.walkers
            self.changed.notify_all()
            await self.changed.wait_for(lambda: self.arrived >= enough)
