# fails: test_stops_cleanly test_an_error_ends_it_all
# looks like: nobody looks at the task of the display before the last sensor has ended
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


    showing = asyncio.create_task(display())
    async with asyncio.TaskGroup() as listening:
        for name, readings in sensors.items():
            listening.create_task(listen(name, readings))
    turns.put_nowait(None)
    await showing
