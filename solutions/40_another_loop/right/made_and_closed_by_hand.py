"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    loop = asyncio.get_running_loop()
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await loop.run_in_executor(None, draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    loop = (loop_factory or asyncio.new_event_loop)()
    try:
        return loop.run_until_complete(tides(fetch, draw, harbours))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
