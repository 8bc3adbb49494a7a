"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    waiting, news = {}, asyncio.Event()

    async def listen(name, readings):
        async for reading in readings:
            if name in waiting:
                lost[name] += 1
            waiting[name] = reading
            news.set()

    async def listen_to_all():
        async with asyncio.TaskGroup() as group:
            for name, readings in sensors.items():
                group.create_task(listen(name, readings))

    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listen_to_all())
        listening.add_done_callback(lambda _: news.set())
        while waiting or not listening.done():
            await news.wait()
            news.clear()
            while waiting:
                name = next(iter(waiting))
                await show(name, waiting.pop(name))
