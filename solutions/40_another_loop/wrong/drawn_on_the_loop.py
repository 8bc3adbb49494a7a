# fails: test_draws_in_a_worker_thread
# looks like: the table is drawn on the event loop's own thread
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return draw(dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))
