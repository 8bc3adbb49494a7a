# fails: test_opens_and_closes_each_dome
# looks like: whoever opens a dome keeps all other domes waiting
import asyncio
from contextlib import asynccontextmanager

motor = asyncio.Lock()


@asynccontextmanager
async def opened(dome):
    async with motor:
        await dome.open()
        try:
            yield dome
        finally:
            await dome.close()
