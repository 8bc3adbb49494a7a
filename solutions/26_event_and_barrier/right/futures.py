"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers = walkers
        self.opened = False
        self.at_the_gate = []
        self.in_the_hut = []

    def open_gate(self):
        self.opened = True
        for sleeper in self.at_the_gate:
            sleeper.set_result(None)

    async def gate(self):
        if not self.opened:
            self.at_the_gate.append(asyncio.get_running_loop().create_future())
            await self.at_the_gate[-1]

    async def hut(self):
        if len(self.in_the_hut) + 1 == self.walkers:
            sleepers, self.in_the_hut = self.in_the_hut, []
            for sleeper in sleepers:
                sleeper.set_result(None)
            return
        sleeper = asyncio.get_running_loop().create_future()
        self.in_the_hut.append(sleeper)
        await sleeper
