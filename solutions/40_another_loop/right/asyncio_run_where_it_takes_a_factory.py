"""A command that prints the tides of several harbours."""

import asyncio
import sys


async def tides(fetch, draw, harbours):
    async with asyncio.TaskGroup() as group:
        levels = {harbour: group.create_task(fetch(harbour)) for harbour in harbours}
    return await asyncio.to_thread(draw, {harbour: level.result() for harbour, level in levels.items()})


def main(fetch, draw, harbours, loop_factory=None):
    table = tides(fetch, draw, harbours)
    if sys.version_info >= (3, 12):
        return asyncio.run(table, loop_factory=loop_factory)
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(table)
