# fails: test_the_newest_is_shown_and_the_rest_is_counted
# looks like: each reading has a task of its own, and all of them use the display at the same time
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    async with asyncio.TaskGroup() as group:

        async def listen(name, readings):
            async for reading in readings:
                group.create_task(show(name, reading))

        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
