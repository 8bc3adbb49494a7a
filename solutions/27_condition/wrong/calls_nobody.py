# fails: test_nobody_leaves_with_less_and_nobody_waits_beside_bread test_one_batch_serves_everyone_it_can test_bread_is_handed_out_when_it_comes test_who_gives_up_takes_nothing test_a_call_is_heard_in_every_order
# looks like: nobody is told that there is bread, so whoever waits sleeps on beside it
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self) -> None:
        self.loaves: list[str] = []
        self.changed = asyncio.Condition()

    async def put(self, loaves: list[str]) -> None:
        """Lay fresh loaves on the shelf, behind the others."""
        async with self.changed:
            self.loaves += loaves

    async def take(self, count: int) -> list[str]:
        """The first `count` loaves, all at once, as soon as there are so many."""
        async with self.changed:
            while len(self.loaves) < count:
                await self.changed.wait()
            taken, self.loaves = self.loaves[:count], self.loaves[count:]
            return taken
