"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from contextlib import aclosing


async def watch(sensors, show, lost):
    free, newest = asyncio.Lock(), {}

    async def take_turn(name):
        async with free:  # lets in whoever has waited longest
            await show(name, newest.pop(name))

    async def listen(name, readings):
        async with aclosing(readings):
            async for reading in readings:
                if name in newest:
                    lost[name] += 1
                else:
                    group.create_task(take_turn(name))
                newest[name] = reading

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(listen(name, readings))
