# ruff: noqa: SLF001 - a loop's queues are private, and read only
"""Which task runs on a loop, and which ones have to wait for it."""

from __future__ import annotations

import sys
from asyncio import Timeout
from itertools import islice
from typing import Any

from redloop.tasks import is_future, plainly, task_of_callback

_MOST_VICTIMS = 20


def task_name(loop: Any) -> str:
    """Name the task that is running on this thread's loop; empty in a plain callback."""
    task = sys.modules["asyncio"].current_task(loop)
    return "" if task is None else str(task.get_name())


def victims(loop: Any) -> tuple[str, ...]:
    """Name the tasks of `loop` that are ready, or whose timer has come due."""
    found: dict[str, None] = {}
    try:
        now = loop.time()
        due = [handle for handle in list(loop._scheduled) if handle.when() <= now]
        for handle in list(loop._ready) + due:
            for name in _waiting_for(handle):
                found[name] = None
            if len(found) >= _MOST_VICTIMS:
                break
    except (AttributeError, RuntimeError):  # uvloop keeps its queues to itself; or it changed under our eyes
        pass
    return tuple(islice(found, _MOST_VICTIMS))


def _waiting_for(handle: Any) -> list[str]:
    """The tasks that a handle goes on with: its own, and those that wait for a future among its arguments."""
    if handle._cancelled:
        return []
    callbacks = [handle._callback]
    for argument in filter(is_future, handle._args or ()):
        callbacks += (callback for callback, _ in argument._callbacks or ())
    tasks = [*map(task_of_callback, callbacks), _timed_out(handle._callback)]
    return [str(task.get_name()) for task in tasks if task is not None]


def _timed_out(callback: Any) -> Any:
    """The task whose `async with asyncio.timeout(…)` is over."""
    owner = plainly(callback, "__self__")
    return plainly(owner, "_task") if type(owner) is Timeout else None
