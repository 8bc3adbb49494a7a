# fails: test_bread_is_handed_out_when_it_comes
# looks like: the customer asks again and again, so bread lies on the shelf until the next time
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []

    async def put(self, loaves):
        self.loaves += loaves

    async def take(self, count):
        while len(self.loaves) < count:
            await asyncio.sleep(0.1)
        taken, self.loaves = self.loaves[:count], self.loaves[count:]
        return taken
