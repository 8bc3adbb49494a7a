"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from contextlib import aclosing


async def watch(sensors, show, lost):
    waiting, changed, live = {}, asyncio.Condition(), set(sensors)

    async def listen(name, readings):
        async with aclosing(readings):
            async for reading in readings:
                async with changed:
                    lost[name] += name in waiting
                    waiting[name] = reading
                    changed.notify()
        async with changed:
            live.remove(name)
            changed.notify()

    async def display():
        while True:
            async with changed:
                await changed.wait_for(lambda: waiting or not live)
                if not waiting:
                    return
                name = next(iter(waiting))
                reading = waiting.pop(name)
            await show(name, reading)

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
        await display()
