import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.free = microscopes
        self.changed = asyncio.Condition()

    async def result(self, sample):
        async with self.changed:
            await self.changed.wait_for(lambda: self.free > 0)
            self.free -= 1
        try:
            return await self.examine(sample)
        finally:
            self.free += 1
            async with self.changed:
                self.changed.notify()
