"""A command that prints the tides of several harbours."""

import asyncio
from collections.abc import Awaitable, Callable

Fetch = Callable[[str], Awaitable[float]]
Draw = Callable[[dict[str, float]], str]

# TODO: the program takes its event loop here, before anybody could say which one it should run on.
loop = asyncio.new_event_loop()


async def tides(fetch: Fetch, draw: Draw, harbours: list[str]) -> str:
    """The table of all `harbours`. All tides are fetched at once; `draw` blocks, so a worker thread does it."""
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await loop.run_in_executor(None, draw, dict(zip(harbours, levels, strict=True)))


def main(
    fetch: Fetch, draw: Draw, harbours: list[str], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> str:
    """What the command prints. It runs on one event loop, made by `loop_factory`; None is asyncio's usual one."""
    return loop.run_until_complete(tides(fetch, draw, harbours))
