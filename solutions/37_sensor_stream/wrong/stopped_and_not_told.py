# fails: test_stops_cleanly
# looks like: the cancellation ends the sensors, and is swallowed on its way out
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    newest, turns = {}, asyncio.Queue()

    async def listen(name, readings):
        async for reading in readings:
            if name in newest:
                lost[name] += 1
            else:
                turns.put_nowait(name)
            newest[name] = reading

    async def display():
        while (name := await turns.get()) is not None:
            await show(name, newest.pop(name))


    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(display())
            async with asyncio.TaskGroup() as listening:
                for name, readings in sensors.items():
                    listening.create_task(listen(name, readings))
            turns.put_nowait(None)
    except asyncio.CancelledError:
        pass
