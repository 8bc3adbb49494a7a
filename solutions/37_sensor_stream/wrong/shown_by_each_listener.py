# fails: test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: each sensor has a task, and that task shows a reading before it listens again
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from contextlib import aclosing


async def watch(sensors, show, lost):
    display = asyncio.Lock()

    async def listen(name, readings):
        async with aclosing(readings):
            async for reading in readings:
                async with display:
                    await show(name, reading)

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
