# fails: test_runs_on_the_loop_that_it_is_given test_one_loop_for_each_run_and_closed_after_it test_asyncio_chooses_when_nobody_else_does test_asks_all_harbours_at_once
# looks like: a queue is made at import, and belongs to the first loop on which somebody waited for it
"""A command that prints the tides of several harbours."""

import asyncio


levels = asyncio.Queue()


async def tides(fetch, draw, harbours):
    async def ask(harbour):
        await levels.put((harbour, await fetch(harbour)))

    async with asyncio.TaskGroup() as group:
        for harbour in harbours:
            group.create_task(ask(harbour))
        found = dict([await levels.get() for _ in harbours])
    return await asyncio.to_thread(draw, {harbour: found[harbour] for harbour in harbours})


def main(fetch, draw, harbours, loop_factory=None):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))
