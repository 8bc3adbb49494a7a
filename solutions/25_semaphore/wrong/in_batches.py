# fails: test_uses_all_the_microscopes_and_no_more
# looks like: the samples go in batches, and a quick one keeps its microscope until the slowest is done
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.microscopes = microscopes
        self.batch = []
        self.door = asyncio.Lock()

    async def result(self, sample):
        async with self.door:
            if len(self.batch) == self.microscopes:
                await asyncio.wait(self.batch)
                self.batch.clear()
            task = asyncio.ensure_future(self.examine(sample))
            self.batch.append(task)
        return await task
