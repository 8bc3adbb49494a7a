# fails: test_runs_on_the_loop_that_it_is_given test_one_loop_for_each_run_and_closed_after_it test_asyncio_chooses_when_nobody_else_does
# looks like: the loop is still taken at import, from get_event_loop() instead of new_event_loop()
"""A command that prints the tides of several harbours."""

import asyncio
import warnings


def current_loop():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return asyncio.get_event_loop()
        except RuntimeError:
            return asyncio.new_event_loop()


loop = current_loop()


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await loop.run_in_executor(None, draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    return loop.run_until_complete(tides(fetch, draw, harbours))
