# ruff: noqa: SLF001 - a loop's queues, and who waits for what in asyncio, are private, and read only
"""Which task runs on a loop, and which ones have to wait for it."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

from redloop.blocking.arrivals import handles_of_arrivals
from redloop.blocking.wakes import woken_by

_MOST_VICTIMS = 20


def task_name(loop: Any) -> str:
    """Name the task that is running on this thread's loop; empty in a plain callback."""
    task = sys.modules["asyncio"].current_task(loop)
    return "" if task is None else str(task.get_name())


def victims(loop: Any) -> tuple[str, ...]:
    """Name the tasks of `loop` that are ready, whose timer has come due, or for which something has arrived."""
    found: dict[str, None] = {}
    try:
        now = loop.time()
        due = [handle for handle in list(loop._scheduled) if handle.when() <= now]
        for handle in [*loop._ready, *due, *handles_of_arrivals(loop)]:
            for task in woken_by(handle):
                found[str(task.get_name())] = None
            if len(found) >= _MOST_VICTIMS:
                break
    except (AttributeError, RuntimeError):  # uvloop keeps its queues to itself; or it changed under our eyes
        pass
    return tuple(islice(found, _MOST_VICTIMS))
