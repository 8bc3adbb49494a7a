# fails: test_all_go_on_when_the_last_one_is_there
# looks like: the gate wakes everybody, and in the hut they still look again and again
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers: int) -> None:
        self.walkers = walkers
        self.opened = asyncio.Event()
        self.arrived = 0

    def open_gate(self) -> None:
        """From now on the gate is open."""
        self.opened.set()

    async def gate(self) -> None:
        """Wait until the gate is open. Whoever comes later walks straight through."""
        # TODO: here and in the hut they doze, look up twice a minute, and start too late. Let them be woken.
        await self.opened.wait()

    async def hut(self) -> None:
        """Wait until all walkers are here, and go on together. There is a hut at the end of each day."""
        day = self.arrived // self.walkers + 1
        self.arrived += 1
        while self.arrived < day * self.walkers:
            await asyncio.sleep(0.5)
