import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.free = asyncio.Queue()
        for number in range(microscopes):
            self.free.put_nowait(number)

    async def result(self, sample):
        microscope = await self.free.get()
        try:
            return await self.examine(sample)
        finally:
            self.free.put_nowait(microscope)
