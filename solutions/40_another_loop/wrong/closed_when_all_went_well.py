# fails: test_one_loop_for_each_run_and_closed_after_it
# looks like: after an error the loop stays open
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    loop = (loop_factory or asyncio.new_event_loop)()
    table = loop.run_until_complete(tides(fetch, draw, harbours))
    loop.close()
    return table
