"""A command that prints the tides of several harbours."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def main(fetch, draw, harbours, loop_factory=None):
    async def tides(pool):
        levels = await asyncio.gather(*map(fetch, harbours))
        drawing = pool.submit(draw, dict(zip(harbours, levels)))
        return await asyncio.wrap_future(drawing)

    with ThreadPoolExecutor(1) as pool, asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(pool))
