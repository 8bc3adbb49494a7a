# fails: test_closes_after_a_cancellation
# looks like: the dome closes after an `Exception`, and a cancellation is none
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    except Exception:
        await dome.close()
        raise
    else:
        await dome.close()
