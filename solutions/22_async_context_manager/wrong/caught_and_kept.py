# fails: test_closes_after_an_error
# looks like: the error was caught to close the dome, and never raised again
from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    except Exception as error:
        print(f"closing, because of {error}")
    finally:
        await dome.close()
