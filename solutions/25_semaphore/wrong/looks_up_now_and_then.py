# fails: test_uses_all_the_microscopes_and_no_more
# looks like: who waits looks up every tenth of a second, and the microscope stands idle until then
import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.free = microscopes

    async def result(self, sample):
        while not self.free:
            await asyncio.sleep(0.1)
        self.free -= 1
        try:
            return await self.examine(sample)
        finally:
            self.free += 1
