"""A weather map: every station is asked at the same time."""

import asyncio
from collections.abc import Callable, Coroutine


async def report(ask: Callable[[str], Coroutine[None, None, int]], stations: list[str]) -> dict[str, int]:
    """The temperature of each station, in the order of `stations`."""
    answers = await asyncio.gather(*(ask(station) for station in stations))  # in the order of the arguments
    return dict(zip(stations, answers, strict=True))
