# fails: test_stops_cleanly test_an_error_ends_it_all
# looks like: the tasks that listen are started, and nobody stops them
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
    listeners = [asyncio.create_task(listen(name, readings)) for name, readings in sensors.items()]
    for listener in listeners:
        await asyncio.shield(listener)
    turns.put_nowait(None)
    await showing
