# fails: test_all_go_on_when_the_last_one_is_there test_nobody_leaves_while_one_is_missing test_the_quick_ones_do_not_slip_through
# looks like: the count is kept and nobody waits for it
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers, self.arrived = walkers, 0
        self.opened = asyncio.Event()

    def open_gate(self):
        self.opened.set()

    async def gate(self):
        await self.opened.wait()

    async def hut(self):
        self.arrived = (self.arrived + 1) % self.walkers
