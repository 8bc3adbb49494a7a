import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.places = asyncio.Semaphore(microscopes)

    async def result(self, sample):
        await self.places.acquire()
        try:
            return await self.examine(sample)
        finally:
            self.places.release()
