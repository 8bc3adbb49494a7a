from contextlib import asynccontextmanager


@asynccontextmanager
async def opened(dome):
    await dome.open()
    try:
        yield dome
    except BaseException:
        await dome.close()
        raise
    else:
        await dome.close()
