"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

Sensors = dict[str, AsyncGenerator[int, None]]


async def watch(sensors: Sensors, show: Callable[[str, int], Awaitable[None]], lost: Counter[str]) -> None:
    """Show the readings of all `sensors`, each as soon as possible and one at a time, until the last sensor has ended.

    `await show(name, reading)` takes its time, and no sensor waits for it. Meanwhile one reading of each sensor, the
    newest one, waits for its turn; an older one that has not been shown is lost, and counted in `lost[name]`.
    """
    newest: dict[str, int] = {}
    turns: asyncio.Queue[str | None] = asyncio.Queue()  # cannot grow: each sensor stands in it once at the most

    async def listen(name: str, readings: AsyncGenerator[int, None]) -> None:
        async with aclosing(readings):
            async for reading in readings:
                if name in newest:
                    lost[name] += 1  # the new reading takes over the turn of the old one
                else:
                    turns.put_nowait(name)
                newest[name] = reading

    async def display() -> None:
        while (name := await turns.get()) is not None:
            await show(name, newest.pop(name))

    async with asyncio.TaskGroup() as group:
        group.create_task(display())
        async with asyncio.TaskGroup() as listening:
            for name, readings in sensors.items():
                listening.create_task(listen(name, readings))
        turns.put_nowait(None)  # the last sensor has ended: what still waits is shown, and then that is all
