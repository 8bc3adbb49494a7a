# fails: test_the_gate_lets_all_through_when_it_opens
# looks like: the gate lets as many through as there are walkers, and whoever comes once more waits for ever
import asyncio


class Tour:
    def __init__(self, walkers):
        self.walkers = walkers
        self.tickets = asyncio.Semaphore(0)
        self.barrier = asyncio.Barrier(walkers)

    def open_gate(self):
        for _ in range(self.walkers):
            self.tickets.release()

    async def gate(self):
        await self.tickets.acquire()

    async def hut(self):
        await self.barrier.wait()
