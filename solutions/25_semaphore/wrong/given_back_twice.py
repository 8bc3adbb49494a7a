# fails: test_a_failure_gives_back_one_place
# looks like: after an error the place is given back twice, and from then on there is one more
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        await self.places.acquire()
        try:
            return await self.examine(sample)
        except Exception:
            self.places.release()
            raise
        finally:
            self.places.release()
