"""A command that prints the tides of several harbours."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


async def tides(fetch, draw, harbours):
    tasks = {harbour: asyncio.create_task(fetch(harbour)) for harbour in harbours}
    levels = {harbour: await task for harbour, task in tasks.items()}
    with ThreadPoolExecutor() as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, draw, levels)


def main(fetch, draw, harbours, loop_factory=None):
    loop = asyncio.new_event_loop() if loop_factory is None else loop_factory()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(tides(fetch, draw, harbours))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
