# fails: test_closes_after_an_error
# looks like: a cancellation closes the dome, and an ordinary error leaves it open
import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    except asyncio.CancelledError:
        await dome.close()
        raise
    await dome.close()
