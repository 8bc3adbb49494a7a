# fails: test_opens_and_closes_each_dome
# looks like: the dome is kept in a global, and the second one takes the place of the first
from contextlib import asynccontextmanager

current = None


@asynccontextmanager
async def opened(dome):
    global current
    await dome.open()
    current = dome
    try:
        yield current
    finally:
        await current.close()
