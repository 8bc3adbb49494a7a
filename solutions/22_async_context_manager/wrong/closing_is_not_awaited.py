# fails: test_opens_and_closes_each_dome test_closes_after_an_error test_closes_after_a_cancellation
# looks like: `dome.close()` without `await` builds a coroutine and closes nothing
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    finally:
        dome.close()
