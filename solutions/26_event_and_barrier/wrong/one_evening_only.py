# fails: test_all_go_on_when_the_last_one_is_there test_the_quick_ones_do_not_slip_through
# looks like: the event of the first evening stays set, so on the second one nobody waits
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
