"""Where every task passes when it is made, whatever its loop or factory: asyncio's own register of tasks.

There the interpreter calls a Python method anyway. CPython's main keeps most tasks elsewhere, and nobody is told then.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Listener = Callable[[asyncio.Task[Any]], None]

# What starts at once, an eager task, comes in when it is suspended for the first time.
_register: Any = getattr(asyncio.tasks, "_scheduled_tasks" if sys.version_info >= (3, 12) else "_all_tasks", None)
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` told of each task that is made from now on."""
    _listeners.append(listener)
    _tell()


def ignore(listener: Listener) -> None:
    """Have it told no more."""
    _listeners.remove(listener)
    _tell()


def _tell() -> None:
    if _register is None:
        return
    vars(_register).pop("add", None)
    for listener in _listeners:
        _register.add = _and_then(_register.add, listener)


def _and_then(add: Listener, listener: Listener) -> Listener:
    def both(task: asyncio.Task[Any]) -> None:
        add(task)
        listener(task)

    return both
