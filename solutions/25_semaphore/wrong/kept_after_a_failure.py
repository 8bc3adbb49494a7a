# fails: test_a_failure_gives_back_one_place test_a_cancellation_gives_back_what_it_held
# looks like: after an error or a cancellation the place is never given back
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        await self.places.acquire()
        found = await self.examine(sample)
        self.places.release()
        return found
