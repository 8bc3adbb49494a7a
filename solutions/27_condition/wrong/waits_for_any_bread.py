# fails: test_nobody_leaves_with_less_and_nobody_waits_beside_bread test_one_batch_serves_everyone_it_can test_a_call_is_heard_in_every_order test_who_gives_up_takes_nothing
# looks like: the wait ends when there is some bread, not when there is enough
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
            self.changed.notify_all()

    async def take(self, count: int) -> list[str]:
        """The first `count` loaves, all at once, as soon as there are so many."""
        async with self.changed:
            while not self.loaves:
                await self.changed.wait()
            taken, self.loaves = self.loaves[:count], self.loaves[count:]
            return taken
