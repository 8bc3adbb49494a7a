# fails: test_the_gate_lets_all_through_when_it_opens
# looks like: the gate wakes one of those who wait, and the others sleep on
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers: int) -> None:
        self.opened = asyncio.Semaphore(0)  # one tells all, and it stays true
        self.meeting = asyncio.Barrier(walkers)  # all tell all, and it starts anew by itself

    def open_gate(self) -> None:
        """From now on the gate is open."""
        self.opened.release()

    async def gate(self) -> None:
        """Wait until the gate is open. Whoever comes later walks straight through."""
        await self.opened.acquire()

    async def hut(self) -> None:
        """Wait until all walkers are here, and go on together. There is a hut at the end of each day."""
        await self.meeting.wait()
