# fails: test_closes_after_an_error test_closes_after_a_cancellation
# looks like: after an error the dome is closed by the `except` and once more by the `finally`
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    except BaseException:
        await dome.close()
        raise
    finally:
        await dome.close()
