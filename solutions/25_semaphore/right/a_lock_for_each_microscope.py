import asyncio


class Laboratory:
    def __init__(self, examine, microscopes):
        self.examine = examine
        self.microscopes = [asyncio.Lock() for _ in range(microscopes)]
        self.queue = asyncio.Lock()
        self.returned = asyncio.Event()

    async def result(self, sample):
        async with self.queue:
            while all(lock.locked() for lock in self.microscopes):
                self.returned.clear()
                await self.returned.wait()
            mine = next(lock for lock in self.microscopes if not lock.locked())
            await mine.acquire()
        try:
            return await self.examine(sample)
        finally:
            mine.release()
            self.returned.set()
