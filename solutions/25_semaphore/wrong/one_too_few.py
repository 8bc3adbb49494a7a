# fails: test_uses_all_the_microscopes_and_no_more test_a_failure_gives_back_one_place test_a_cancellation_gives_back_what_it_held test_two_laboratories_do_not_wait_for_each_other
# looks like: one microscope is never used
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes - 1)

    async def result(self, sample):
        async with self.places:
            return await self.examine(sample)
