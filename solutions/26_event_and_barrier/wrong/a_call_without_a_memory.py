# fails: test_the_gate_lets_all_through_when_it_opens
# looks like: the gate only calls, and whoever comes after the call was made never hears it
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers):
        self.sleepers = []
        self.meeting = asyncio.Barrier(walkers)

    def open_gate(self):
        for sleeper in self.sleepers:
            sleeper.set_result(None)

    async def gate(self):
        sleeper = asyncio.get_running_loop().create_future()
        self.sleepers.append(sleeper)
        await sleeper

    async def hut(self):
        await self.meeting.wait()
