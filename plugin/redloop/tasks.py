"""What is asked of tasks wherever they are met, and how several are named."""

from __future__ import annotations

import gc
import re
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

_WRAPPERS = {
    kind
    for kind in object.__subclasses__()
    if kind.__name__ in {"async_generator_asend", "async_generator_athrow", "anext_awaitable", "coroutine_wrapper"}
}
"""What the interpreter puts round an async generator or a coroutine; they say nothing of what is in them."""


def plainly(one: object, name: str, default: Any = None) -> Any:
    """An attribute, without asking a `__getattr__`: a mock has each, and a lazy object sets itself up or raises."""
    try:
        return object.__getattribute__(one, name)
    except AttributeError:
        return default


def is_future(one: object) -> bool:
    """Whether this is one of asyncio's, or as good. Its class is asked."""
    return hasattr(type(one), "_asyncio_future_blocking")


def task_of_callback(callback: object) -> Any:
    """The task whose step or wake-up a callback is; None for anything else."""
    owner = plainly(callback, "__self__")
    return owner if is_future(owner) and hasattr(type(owner), "get_coro") else None


def qualname_of(callback: object) -> str:
    """The qualified name of a function or method; empty for what else can be called."""
    return callback.__qualname__ if type(callback) in {FunctionType, MethodType} else ""  # type: ignore[attr-defined]


def coroutine_of(task: asyncio.Task[Any]) -> Any:
    """The coroutine that a task runs; None once an eager one has ended, if it did so while it was made.

    Its `get_coro()` then ends CPython 3.12.1 with a segmentation fault; the attribute that `repr` reads says None.
    """
    return task._coro if hasattr(task, "_coro") else task.get_coro()  # noqa: SLF001 - as said


def age(task: asyncio.Task[Any]) -> tuple[bool, str]:
    """A key that sorts tasks as they were made, as far as their names tell: by the numbers in them.

    Those that somebody has named come first: to the reader they say more than asyncio's own names, `Task-12`.
    """
    name = task.get_name()
    return name.startswith("Task-"), re.sub(r"\d+", lambda number: number[0].zfill(20), name)


def awaited_by(coro: Any) -> Any:
    """The next on a stack of awaits, which must be suspended; None at its end.

    That is followed only where the interpreter itself links it: an awaitable of somebody's own may refer to anything.
    """
    kind = type(coro)
    if kind is CoroutineType:
        return coro.cr_await
    if kind is GeneratorType:
        return coro.gi_yieldfrom
    if kind is AsyncGeneratorType:
        return coro.ag_await
    # What it stands round comes first, before what is sent in, thrown in or, for `anext`, the default.
    return next(iter(gc.get_referents(coro)), None) if kind in _WRAPPERS else None


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many more there are.

    >>> listed(["Task-2", "Task-3", "Task-4", "Task-5"])
    'Task-2, Task-3, Task-4 and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
