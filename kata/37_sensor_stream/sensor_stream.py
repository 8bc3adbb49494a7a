"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

Sensors = dict[str, AsyncGenerator[int, None]]


async def watch(sensors: Sensors, show: Callable[[str, int], Awaitable[None]], lost: Counter[str]) -> None:
    """Show the readings of all `sensors`, each as soon as possible and one at a time, until the last sensor has ended.

    `await show(name, reading)` takes its time, and no sensor waits for it. Meanwhile one reading of each sensor, the
    newest one, waits for its turn; an older one that has not been shown is lost, and counted in `lost[name]`.
    """
    # TODO: the first sensor goes on for days, and as long as it does, nobody listens to the others.
    for name, readings in sensors.items():
        async with aclosing(readings):
            async for reading in readings:
                await show(name, reading)
