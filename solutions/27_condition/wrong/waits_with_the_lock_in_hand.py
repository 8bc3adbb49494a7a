# fails: test_nobody_leaves_with_less_and_nobody_waits_beside_bread test_one_batch_serves_everyone_it_can test_bread_is_handed_out_when_it_comes test_who_gives_up_takes_nothing test_a_call_is_heard_in_every_order test_who_gives_up_when_the_bread_comes
# looks like: the customer waits and keeps the lock, so the baker cannot get to the shelf
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []
        self.lock = asyncio.Lock()
        self.fresh = asyncio.Event()

    async def put(self, loaves):
        async with self.lock:
            self.loaves += loaves
            self.fresh.set()

    async def take(self, count):
        async with self.lock:
            while len(self.loaves) < count:
                self.fresh.clear()
                await self.fresh.wait()
            taken, self.loaves = self.loaves[:count], self.loaves[count:]
            return taken
