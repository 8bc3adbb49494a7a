# fails: test_who_gives_up_takes_nothing test_who_gives_up_when_the_bread_comes
# looks like: who gives up takes along what lies on the shelf
import asyncio


class Shelf:
    def __init__(self):
        self.loaves = []
        self.changed = asyncio.Condition()

    async def put(self, loaves):
        async with self.changed:
            self.loaves += loaves
            self.changed.notify_all()

    async def take(self, count):
        async with self.changed:
            try:
                await self.changed.wait_for(lambda: len(self.loaves) >= count)
            finally:
                taken, self.loaves = self.loaves[:count], self.loaves[count:]
            return taken
