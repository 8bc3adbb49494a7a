# fails: test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: the display looks through the sensors from the top each time, and the first one always has something new
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    newest, news, live = {}, asyncio.Event(), set(sensors)

    async def listen(name, readings):
        async for reading in readings:
            lost[name] += name in newest
            newest[name] = reading
            news.set()
        live.remove(name)
        news.set()

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
        while live or newest:
            await news.wait()
            news.clear()
            while newest:
                name = next(name for name in sensors if name in newest)
                await show(name, newest.pop(name))
