# fails: test_uses_all_the_microscopes_and_no_more test_a_failure_gives_back_one_place test_a_cancellation_gives_back_what_it_held
# looks like: every call makes a semaphore of its own, and nobody else ever meets it
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.microscopes = microscopes

    async def result(self, sample):
        async with asyncio.Semaphore(self.microscopes):
            return await self.examine(sample)
