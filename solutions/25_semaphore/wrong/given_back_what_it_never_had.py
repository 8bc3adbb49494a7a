# fails: test_a_cancellation_gives_back_what_it_held
# looks like: a sample that is cancelled in the queue gives back a place that it never had
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        try:
            await self.places.acquire()
            return await self.examine(sample)
        finally:
            self.places.release()
