# fails: test_two_laboratories_do_not_wait_for_each_other
# looks like: the semaphore belongs to all the laboratories together
import asyncio

places = {}


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = places.setdefault(microscopes, asyncio.Semaphore(microscopes))

    async def result(self, sample):
        async with self.places:
            return await self.examine(sample)
