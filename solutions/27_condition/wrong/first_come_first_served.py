# fails: test_nobody_leaves_with_less_and_nobody_waits_beside_bread test_one_batch_serves_everyone_it_can
# looks like: a large order at the front holds up everyone behind it, although there is bread for them
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []
        self.line = asyncio.Lock()
        self.changed = asyncio.Condition()

    async def put(self, loaves):
        async with self.changed:
            self.loaves += loaves
            self.changed.notify_all()

    async def take(self, count):
        async with self.line, self.changed:
            await self.changed.wait_for(lambda: len(self.loaves) >= count)
            taken, self.loaves = self.loaves[:count], self.loaves[count:]
            return taken
