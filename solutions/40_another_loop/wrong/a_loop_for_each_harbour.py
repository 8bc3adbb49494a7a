# fails: test_one_loop_for_each_run_and_closed_after_it test_asks_all_harbours_at_once
# looks like: each harbour has an event loop to itself
"""A command that prints the tides of several harbours."""

import asyncio


def main(fetch, draw, harbours, loop_factory=None):
    levels = {}
    for harbour in harbours:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            levels[harbour] = runner.run(fetch(harbour))
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(asyncio.to_thread(draw, levels))
