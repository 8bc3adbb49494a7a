# fails: test_uses_all_the_microscopes_and_no_more test_a_failure_gives_back_one_place test_a_cancellation_gives_back_what_it_held
# looks like: a lock lets one sample in, however many microscopes there are
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.lock = asyncio.Lock()

    async def result(self, sample):
        async with self.lock:
            return await self.examine(sample)
