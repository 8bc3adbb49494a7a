# fails: test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: when there is no place left, the new reading is thrown away and the old ones are kept
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    waiting = asyncio.Queue(maxsize=8)

    async def listen(name, readings):
        async for reading in readings:
            try:
                waiting.put_nowait((name, reading))
            except asyncio.QueueFull:
                lost[name] += 1

    async def display():
        while item := await waiting.get():
            await show(*item)

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        await waiting.put(None)
