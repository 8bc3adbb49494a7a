# fails: test_one_loop_for_each_run_and_closed_after_it
# looks like: a loop is made to see what it is like, and another one to run on
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    if loop_factory is not None and not isinstance(loop_factory(), asyncio.AbstractEventLoop):
        raise TypeError("this is no event loop")
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))
