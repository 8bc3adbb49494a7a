# fails: test_all_go_on_when_the_last_one_is_there test_nobody_leaves_while_one_is_missing test_the_quick_ones_do_not_slip_through
# looks like: everybody waits at a barrier of their own, where nobody else ever comes
"""A gate that opens for everybody, and huts where everybody waits for everybody."""

import asyncio


class Tour:
    def __init__(self, walkers: int) -> None:
        self.opened = asyncio.Event()  # one tells all, and it stays true
        self.walkers = walkers

    def open_gate(self) -> None:
        """From now on the gate is open."""
        self.opened.set()

    async def gate(self) -> None:
        """Wait until the gate is open. Whoever comes later walks straight through."""
        await self.opened.wait()

    async def hut(self) -> None:
        """Wait until all walkers are here, and go on together. There is a hut at the end of each day."""
        await asyncio.Barrier(self.walkers).wait()
