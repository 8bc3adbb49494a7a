# fails: test_uses_all_the_microscopes_and_no_more test_a_failure_gives_back_one_place test_a_cancellation_gives_back_what_it_held
# looks like: the place is given back before the work begins
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        async with self.places:
            work = self.examine(sample)
        return await work
