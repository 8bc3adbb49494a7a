"""What a suspended task waits for: something outside the program's tasks (it waits), or another task (it queues)."""

from __future__ import annotations

import asyncio
import gc
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    Kind = Literal["ready", "waits", "queues", "undecided"]

READY: Kind = "ready"
"""It gave way and could go on at once (`sleep(0)`): while others run, it queues for the loop."""
WAITS: Kind = "waits"
QUEUES: Kind = "queues"
UNDECIDED: Kind = "undecided"
"""A bare future that the suite's own code awaits: who resolves it, a task or the outside, says which it was."""

HANDED_OUT = next(kind for kind in object.__subclasses__() if kind.__name__ == "async_generator_wrapped_value")
"""The type in which an async generator's `yield x` hands out its value; what it awaits goes past it unwrapped."""

_AWAITABLES = (CoroutineType, GeneratorType, AsyncGeneratorType)
_FUTURE_ITER = next(kind for kind in object.__subclasses__() if kind.__name__ == "FutureIter")

# Where asyncio's own coroutines wait for other tasks. `tasks.sleep` stands among them and waits for a timer.
_ASYNCIO = asyncio.__path__[0]
_AMONG_TASKS = tuple(
    module.__file__ for module in (asyncio.locks, asyncio.queues, asyncio.runners, asyncio.taskgroups, asyncio.tasks)
)
_FUTURE = asyncio.Future
_SLEEP = asyncio.sleep.__code__
_GATHERING: Any = asyncio.tasks._GatheringFuture  # type: ignore[attr-defined]  # noqa: SLF001 - no public name tells it
_TASKS: tuple[Any, ...] = (asyncio.Task, asyncio.tasks._PyTask)  # type: ignore[attr-defined]  # noqa: SLF001 - no subclass


def classify(value: object) -> Kind:
    """What a task does that has just handed `value` to its loop, as far as the value itself tells."""
    if type(value) is _FUTURE:
        return UNDECIDED
    if isinstance(value, (*_TASKS, _GATHERING)):
        return QUEUES
    return UNDECIDED if asyncio.isfuture(value) else READY


def look(task: asyncio.Task[Any], future: object) -> Kind:
    """What a task does that waits for `future`, from where in its stack of awaits it does that.

    UNDECIDED also while the task's own coroutine is not suspended: then its stack cannot be seen.
    """
    coro = task.get_coro()
    if getattr(coro, "cr_running", False):
        return UNDECIDED
    code = _innermost(coro)
    if code is None:
        return WAITS
    return _by_code.get(id(code)) or _by_place(code) or _bare(future)


_by_code: dict[int, Kind] = {}


def _by_place(code: CodeType) -> Kind | None:
    """What waiting in one of asyncio's own coroutines is."""
    if not code.co_filename.startswith(_ASYNCIO):
        return QUEUES if code.co_qualname == "TaskGroup.__aexit__" else None  # anyio's
    _kept.append(code)  # for as long as its identity stands for it
    kind = QUEUES if code.co_filename in _AMONG_TASKS and code is not _SLEEP else WAITS
    return _by_code.setdefault(id(code), kind)


_kept: list[CodeType] = []


def _innermost(coro: Any) -> CodeType | None:
    """The code of the innermost coroutine on a stack of awaits."""
    code = None
    while coro is not None:
        kind = type(coro)
        if kind is CoroutineType:
            code, coro = coro.cr_code, coro.cr_await
        elif kind is _FUTURE_ITER:
            break
        elif kind is GeneratorType:
            code, coro = coro.gi_code, coro.gi_yieldfrom
        elif kind is AsyncGeneratorType:
            code, coro = coro.ag_code, coro.ag_await
        else:  # an async_generator_asend or a coroutine_wrapper says nothing of what is in it
            coro = next((inner for inner in gc.get_referents(coro) if isinstance(inner, _AWAITABLES)), None)
    return code


def _bare(future: Any) -> Kind:
    """A future that is awaited by the program itself: asyncio ties some of them to a thread or to another future."""
    for entry in getattr(future, "_callbacks", None) or ():
        name = getattr(entry[0], "__qualname__", "")
        if name.startswith("_chain_future."):
            return WAITS
        if name.startswith("shield."):
            return QUEUES
    return UNDECIDED
