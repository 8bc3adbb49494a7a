# fails: test_runs_on_the_loop_that_it_is_given test_one_loop_for_each_run_and_closed_after_it
# looks like: it runs on asyncio's usual loop, whatever it is given
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    return asyncio.run(tides(fetch, draw, harbours))
