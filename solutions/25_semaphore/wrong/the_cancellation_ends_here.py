# fails: test_a_cancellation_gives_back_what_it_held
# looks like: the cancellation of a sample was caught, and the task ends as if it had a result
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.free = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        async with self.free:
            try:
                return await self.examine(sample)
            except asyncio.CancelledError:
                return ""
