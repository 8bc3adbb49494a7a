"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers = self.missing = walkers
        self.opened = asyncio.Event()
        self.all_here = asyncio.Event()

    def open_gate(self):
        self.opened.set()

    async def gate(self):
        await self.opened.wait()

    async def hut(self):
        all_here = self.all_here
        self.missing -= 1
        if not self.missing:
            self.missing = self.walkers
            self.all_here = asyncio.Event()
            all_here.set()
        await all_here.wait()
