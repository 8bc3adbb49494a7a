# fails: test_opens_and_closes_each_dome test_closes_after_an_error test_closes_after_a_cancellation
# looks like: the block is left while the dome is still closing
import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    finally:
        asyncio.create_task(dome.close())
