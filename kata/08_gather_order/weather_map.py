"""A weather map: every station is asked at the same time."""

import asyncio
from collections.abc import Callable, Coroutine


async def report(ask: Callable[[str], Coroutine[None, None, int]], stations: list[str]) -> dict[str, int]:
    """The temperature of each station, in the order of `stations`."""
    # TODO: these come in the order in which the stations answer.
    answers = [await answer for answer in asyncio.as_completed([ask(station) for station in stations])]
    return dict(zip(stations, answers, strict=True))
