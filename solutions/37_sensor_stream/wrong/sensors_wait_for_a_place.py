# fails: test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: the queue has a limit, and `put` lets the sensors wait for a free place
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from contextlib import aclosing


async def watch(sensors, show, lost):
    waiting = asyncio.Queue(maxsize=len(sensors))

    async def listen(name, readings):
        async with aclosing(readings):
            async for reading in readings:
                await waiting.put((name, reading))

    async def display():
        while item := await waiting.get():
            await show(*item)

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        await waiting.put(None)
