"""A picture that has to be computed, in a program that has other things to do."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

Row = TypeVar("Row")


async def render(pool: Executor, draw: Callable[[int], Row], rows: list[int]) -> list[Row]:
    """`draw(row)` for each of `rows`, in their order. `draw` computes, for a long time.

    `pool` is a ProcessPoolExecutor with two workers that the whole program shares.
    """
    loop = asyncio.get_running_loop()
    # Another process has a lock of its own, so that it computes without slowing this one down.
    return await asyncio.gather(*(loop.run_in_executor(pool, draw, row) for row in rows))
