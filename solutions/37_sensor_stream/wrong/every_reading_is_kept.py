# fails: test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: everything is kept until it can be shown, so the display falls further and further behind
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    waiting = asyncio.Queue()

    async def listen(name, readings):
        async for reading in readings:
            waiting.put_nowait((name, reading))

    async def display():
        while item := await waiting.get():
            await show(*item)

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        waiting.put_nowait(None)
