"""What is asked of tasks wherever they are met, and how several are named."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_task(one: object) -> TypeGuard[asyncio.Task[Any]]:
    """Whether it is one by its type: `isinstance` asks a lazy object for its `__class__`, which may make it."""
    return issubclass(type(one), asyncio.Task)


def coroutine_of(task: asyncio.Task[Any]) -> Any:
    """The coroutine that a task runs; None once an eager one has ended, if it did so while it was made.

    Its `get_coro()` then ends CPython 3.12.1 with a segmentation fault; the attribute that `repr` reads says None.
    """
    return task._coro if hasattr(task, "_coro") else task.get_coro()  # noqa: SLF001 - as said


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many more there are.

    >>> listed(["Task-2", "Task-3", "Task-4", "Task-5"])
    'Task-2, Task-3, Task-4 and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
