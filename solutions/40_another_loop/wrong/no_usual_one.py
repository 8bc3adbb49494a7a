# fails: test_asyncio_chooses_when_nobody_else_does
# looks like: it runs on the loop that it is given, and cannot run when it is given none
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    loop = loop_factory()
    try:
        return loop.run_until_complete(tides(fetch, draw, harbours))
    finally:
        loop.close()
