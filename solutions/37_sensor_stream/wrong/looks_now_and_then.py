# fails: test_every_reading_is_shown_when_it_comes
# looks like: the display looks now and then whether there is something new
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    newest, live = {}, set(sensors)

    async def listen(name, readings):
        async for reading in readings:
            lost[name] += name in newest
            newest[name] = reading
        live.remove(name)

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
        while live or newest:
            while newest:
                name = next(iter(newest))
                await show(name, newest.pop(name))
            await asyncio.sleep(0.07)
