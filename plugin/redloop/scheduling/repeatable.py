"""What is patched while schedules run, so that the same schedule does the same each time."""

# ruff: noqa: SLF001 - which loop a lock belongs to, asyncio keeps to itself

from __future__ import annotations

import asyncio
import random
from asyncio import mixins
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@contextmanager
def repeatable(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Take out of asyncio, while the block runs, what would differ from one schedule on `loop` to the next.

    `asyncio.as_completed` makes tasks of coroutines in the order of a set of them, so of their addresses. A lock that
    is kept in a module may belong to another loop, on which a test has used it before; here it works, and stays that
    loop's. The `random` module's own generator goes on afterwards as if nobody had used it.
    """
    state = random.getstate()
    bound: Any = mixins._LoopBoundMixin
    loop_of = bound._get_loop

    def loop_or_owner(primitive: Any) -> asyncio.AbstractEventLoop:
        return loop if asyncio._get_running_loop() is loop else loop_of(primitive)

    bound._get_loop = loop_or_owner
    vars(asyncio.tasks)["set"] = _in_order
    try:
        yield
    finally:
        del vars(asyncio.tasks)["set"]
        bound._get_loop = loop_of
        random.setstate(state)


def start_over() -> None:
    """Give the `random` module the numbers that it had in the schedule before."""
    random.seed(0)


def _in_order(items: Iterable[Any] = ()) -> Any:
    """What asyncio's tasks module takes for a `set`: with the items in their order, if there are any."""
    return dict.fromkeys(items) or set()
