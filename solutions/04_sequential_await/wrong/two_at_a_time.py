# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer
# looks like: a limit lets in only some of the panels at once, and the rest wait outside
import asyncio


async def dashboard(fetch, panels):
    two = asyncio.Semaphore(2)

    async def one(panel):
        async with two:
            return await fetch(panel)

    return await asyncio.gather(*(one(panel) for panel in panels))
