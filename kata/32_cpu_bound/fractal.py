"""A picture that has to be computed, in a program that has other things to do."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

Row = TypeVar("Row")


async def render(pool: Executor, draw: Callable[[int], Row], rows: list[int]) -> list[Row]:
    """`draw(row)` for each of `rows`, in their order. `draw` computes, for a long time.

    `pool` is a ProcessPoolExecutor with two workers that the whole program shares.
    """
    # TODO: this computes on the event loop's thread, in the event loop's process.
    return [draw(row) for row in rows]
