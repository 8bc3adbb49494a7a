# fails: test_the_quick_ones_do_not_slip_through
# looks like: the door is shut again a moment later, and a quick one is at the next hut within that moment
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers: int) -> None:
        self.walkers, self.arrived = walkers, 0
        self.opened, self.all_here = asyncio.Event(), asyncio.Event()

    def open_gate(self) -> None:
        self.opened.set()

    async def gate(self) -> None:
        await self.opened.wait()

    async def hut(self) -> None:
        self.arrived += 1
        if self.arrived < self.walkers:
            await self.all_here.wait()
        else:
            self.arrived = 0
            self.all_here.set()
            await asyncio.sleep(0)  # until all are out
            self.all_here.clear()
