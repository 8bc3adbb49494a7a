"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    display = asyncio.Lock()  # whoever has waited longest is next

    async def serve(name, readings):
        newest = []

        async def show_newest():
            async with display:
                await show(name, newest.pop())

        async with asyncio.TaskGroup() as shows:
            async for reading in readings:
                if newest:
                    lost[name] += 1
                    newest[0] = reading
                else:
                    newest.append(reading)
                    shows.create_task(show_newest())

    async with asyncio.TaskGroup() as group:
        for name, readings in sensors.items():
            group.create_task(serve(name, readings))
