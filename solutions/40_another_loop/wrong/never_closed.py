# fails: test_one_loop_for_each_run_and_closed_after_it test_asyncio_chooses_when_nobody_else_does
# looks like: nobody closes the loop
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    loop = (loop_factory or asyncio.new_event_loop)()
    return loop.run_until_complete(tides(fetch, draw, harbours))
