# fails: test_nobody_leaves_with_less_and_nobody_waits_beside_bread test_one_batch_serves_everyone_it_can
# looks like: loaves are collected one by one, so two customers can each hold half of what both need
"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = asyncio.Queue()

    async def put(self, loaves):
        for loaf in loaves:
            self.loaves.put_nowait(loaf)

    async def take(self, count):
        return [await self.loaves.get() for _ in range(count)]
