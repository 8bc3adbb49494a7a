# fails: test_runs_on_the_loop_that_it_is_given test_one_loop_for_each_run_and_closed_after_it test_asyncio_chooses_when_nobody_else_does
# looks like: the program runs on the new loop, and the worker thread belongs to the one that was made at import
"""A command that prints the tides of several harbours."""

import asyncio


loop = asyncio.new_event_loop()


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await loop.run_in_executor(None, draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))
