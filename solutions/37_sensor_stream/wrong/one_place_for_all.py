# fails: test_every_reading_is_shown_when_it_comes test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: there is one place for the newest reading of all sensors, and the one in a hurry always takes it
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from collections import deque


async def watch(sensors, show, lost):
    place, news, live = deque(maxlen=1), asyncio.Event(), set(sensors)

    async def listen(name, readings):
        async for reading in readings:
            for sensor, _ in place:
                lost[sensor] += 1
            place.append((name, reading))
            news.set()
        live.remove(name)
        news.set()

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
        while live or place:
            await news.wait()
            news.clear()
            while place:
                await show(*place.pop())
