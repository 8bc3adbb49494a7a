# fails: test_the_newest_is_shown_and_the_rest_is_counted
# looks like: older readings give way to newer ones, and nobody counts them
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    newest, turns = {}, asyncio.Queue()

    async def listen(name, readings):
        async for reading in readings:
            if name not in newest:
                turns.put_nowait(name)
            newest[name] = reading

    async def display():
        while (name := await turns.get()) is not None:
            await show(name, newest.pop(name))

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        turns.put_nowait(None)
