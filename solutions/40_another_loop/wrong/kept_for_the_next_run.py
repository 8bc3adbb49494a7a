# fails: test_runs_on_the_loop_that_it_is_given test_one_loop_for_each_run_and_closed_after_it test_asyncio_chooses_when_nobody_else_does
# looks like: the loop of the first run is kept, and all later runs get it, whatever they ask for
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



loop = None


def main(fetch, draw, harbours, loop_factory=None):
    global loop
    if loop is None:
        loop = (loop_factory or asyncio.new_event_loop)()
    return loop.run_until_complete(tides(fetch, draw, harbours))
