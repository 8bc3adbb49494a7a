# fails: test_the_newest_is_shown_and_the_rest_is_counted
# looks like: each new reading sends its sensor back to the end of the line, so one that measures often hardly ever gets to the front
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from contextlib import aclosing


async def watch(sensors, show, lost):
    newest, news, over = {}, asyncio.Event(), False

    async def listen(name, readings):
        async with aclosing(readings):
            async for reading in readings:
                if name in newest:
                    del newest[name]
                    lost[name] += 1
                newest[name] = reading
                news.set()

    async def display():
        while True:
            await news.wait()
            news.clear()
            while newest:
                name = next(iter(newest))
                await show(name, newest.pop(name))
            if over:
                return

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        over = True
        news.set()
