# fails: test_who_gives_up_takes_nothing test_who_gives_up_when_the_bread_comes
# looks like: a customer who gave up is still in the book, and the bread is laid aside for them
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
        return await asyncio.shield(served)

    def hand_out(self):
        for count, served in self.queue:
            if not served.done() and count <= len(self.loaves):
                served.set_result(self.loaves[:count])
                del self.loaves[:count]
        self.queue = [(count, served) for count, served in self.queue if not served.done()]
