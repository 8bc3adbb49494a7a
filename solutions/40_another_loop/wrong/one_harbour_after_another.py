# fails: test_asks_all_harbours_at_once
# looks like: the harbours are asked one after another
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = {harbour: await fetch(harbour) for harbour in harbours}
    return await asyncio.to_thread(draw, levels)


def main(fetch, draw, harbours, loop_factory=None):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))
