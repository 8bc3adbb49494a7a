"""A command that prints the tides of several harbours."""

import asyncio
from collections.abc import Awaitable, Callable

Fetch = Callable[[str], Awaitable[float]]
Draw = Callable[[dict[str, float]], str]


async def tides(fetch: Fetch, draw: Draw, harbours: list[str]) -> str:
    """The table of all `harbours`. All tides are fetched at once; `draw` blocks, so a worker thread does it."""
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels, strict=True)))  # finds the loop that is running


def main(
    fetch: Fetch, draw: Draw, harbours: list[str], loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> str:
    """What the command prints. It runs on one event loop, made by `loop_factory`; None is asyncio's usual one."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:  # closes the loop, after an error too
        return runner.run(tides(fetch, draw, harbours))
