"""A shelf between the oven and the counter: whoever comes too early waits."""

import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []
        self.queue = []

    async def put(self, loaves):
        self.loaves += loaves
        self.hand_out()

    async def take(self, count):
        served = asyncio.get_running_loop().create_future()
        self.queue.append((count, served))
        self.hand_out()
        try:
            return await served
        except asyncio.CancelledError:
            if served.done() and not served.cancelled():
                self.loaves = served.result() + self.loaves
                self.hand_out()
            raise

    def hand_out(self):
        for count, served in self.queue:
            if not served.done() and count <= len(self.loaves):
                served.set_result(self.loaves[:count])
                del self.loaves[:count]
        self.queue = [(count, served) for count, served in self.queue if not served.done()]
