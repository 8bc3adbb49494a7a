# fails: test_all_go_on_when_the_last_one_is_there
# looks like: the sleepers clear the event as they leave, and may clear the one of the next evening
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers, self.arrived = walkers, 0
        self.opened, self.all_here = asyncio.Event(), asyncio.Event()

    def open_gate(self):
        self.opened.set()

    async def gate(self):
        await self.opened.wait()

    async def hut(self):
        self.arrived += 1
        if self.arrived == self.walkers:
            self.all_here.set()
        await self.all_here.wait()
        self.arrived -= 1
        await asyncio.sleep(0.01)
        self.all_here.clear()
