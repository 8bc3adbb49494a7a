"""What a suspended task waits for: something outside the program's tasks (it waits), or another task (it queues)."""

from __future__ import annotations

import asyncio
import operator
import sys
from inspect import CO_COROUTINE
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any, Literal

from redloop.frames import local_names
from redloop.tasks import age, awaited_by, qualname_of
from redloop.whose import ASYNCIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Kind = Literal["ready", "waits", "queues", "undecided"]

READY: Kind = "ready"
"""It gave way and could go on at once (`sleep(0)`): while others run, it queues for the loop."""
WAITS: Kind = "waits"
QUEUES: Kind = "queues"
UNDECIDED: Kind = "undecided"
"""A bare future that the suite's own code awaits: who resolves it, a task or the outside, says which it was."""

HANDED_OUT = next(kind for kind in object.__subclasses__() if kind.__name__ == "async_generator_wrapped_value")
"""The type in which an async generator's `yield x` hands out its value; what it awaits goes past it unwrapped."""

_CODE: dict[type, Callable[[Any], CodeType]] = {
    CoroutineType: operator.attrgetter("cr_code"),
    GeneratorType: operator.attrgetter("gi_code"),
    AsyncGeneratorType: operator.attrgetter("ag_code"),
}

# Where asyncio's own coroutines wait for other tasks. `tasks.sleep` stands among them and waits for a timer.
_AMONG_TASKS = tuple(
    module.__file__ for module in (asyncio.locks, asyncio.queues, asyncio.runners, asyncio.taskgroups, asyncio.tasks)
)
_FUTURE = asyncio.Future
_SLEEP = asyncio.sleep.__code__
# asyncio's coroutines that wait for tasks through a future that tells nothing of them; where they have them.
_AWAIT_TASKS: dict[int, Callable[[Any], Any]] = {  # by identity: hashing a code object reads all of it
    id(asyncio.TaskGroup.__aexit__.__code__): lambda names: list(names["self"]._tasks),  # noqa: SLF001
    id(asyncio.tasks._wait.__code__): lambda names: names["fs"],  # type: ignore[attr-defined]  # noqa: SLF001
}
if sys.version_info < (3, 12):
    _AWAIT_TASKS[id(asyncio.wait_for.__code__)] = lambda names: [names["fut"]]
_GATHERING: Any = asyncio.tasks._GatheringFuture  # type: ignore[attr-defined]  # noqa: SLF001 - no public name tells it
_TASKS: tuple[Any, ...] = (asyncio.Task, asyncio.tasks._PyTask)  # type: ignore[attr-defined]  # noqa: SLF001 - no subclass


def classify(value: object) -> Kind:
    """What a task does that has just handed `value` to its loop, as far as the value itself tells."""
    if isinstance(value, (*_TASKS, _GATHERING)):
        return QUEUES
    return UNDECIDED if asyncio.isfuture(value) else READY


def awaited_tasks(coro: Any, future: Any) -> list[asyncio.Task[Any]]:
    """The tasks that a coroutine which is suspended until `future` is done waits for, as far as that can be seen."""
    if _asyncio_has_made_tasks(coro):
        return []
    if isinstance(future, _TASKS):
        return [future]
    if isinstance(future, _GATHERING):
        return [child for child in future._children if isinstance(child, _TASKS)]  # noqa: SLF001
    while type(coro) is CoroutineType:
        if id(coro.cr_code) in _AWAIT_TASKS:
            futures = _AWAIT_TASKS[id(coro.cr_code)](local_names(coro.cr_frame))
            return sorted((one for one in futures if isinstance(one, _TASKS)), key=age)
        coro = coro.cr_await
    return []


def kind_of(coro: Any, is_own: Callable[[str], bool]) -> Kind:
    """What a task does in all its life that is made of a coroutine of asyncio's or another library's."""
    if coro.cr_code is asyncio.wait_for.__code__ and type(inner := local_names(coro.cr_frame)["fut"]) is CoroutineType:
        return QUEUES if is_own(inner.cr_code.co_filename) else kind_of(inner, is_own)
    return QUEUES if coro.cr_code.co_filename in _AMONG_TASKS and coro.cr_code is not _SLEEP else WAITS


def look(coro: Any, future: object) -> Kind:
    """What a task does whose coroutine `coro` is suspended until `future` is done, by where in its awaits it does that.

    Called at every wait: a coroutine of asyncio's that has been seen before settles it.
    """
    if type(future) is not _FUTURE and (kind := classify(future)) is not UNDECIDED:
        return WAITS if kind is QUEUES and _asyncio_has_made_tasks(coro) else kind
    inner = coro.cr_await if type(coro) is CoroutineType else None
    while type(inner) is CoroutineType:
        known = KNOWN.get(id(inner.cr_code))
        if known is not None:
            return known[1]
        inner = inner.cr_await
    return _study(coro, future)


KNOWN: dict[int, tuple[CodeType, Kind]] = {}
"""Coroutines of asyncio's that settle what a task does, by the identity of their code, which is kept alive for that."""


def makes_tasks_of_its_own(code: CodeType) -> bool:
    """Whether the tasks that a coroutine of asyncio's makes are its own, as those of a child's `communicate()`.

    What they wait for is outside the program. `gather` and its like make those that the program has asked for.
    """
    name = code.co_filename
    return code.co_flags & CO_COROUTINE != 0 and name.startswith(ASYNCIO) and name not in _AMONG_TASKS


def _asyncio_has_made_tasks(coro: Any) -> bool:
    inner = coro.cr_await if type(coro) is CoroutineType else None
    while type(inner) is CoroutineType:
        if makes_tasks_of_its_own(inner.cr_code):
            return True
        inner = inner.cr_await
    return False


def is_self_contained(code: CodeType) -> bool:
    """Whether a coroutine is one of asyncio's that awaits nothing of others': only `wait_for` awaits anything."""
    return code.co_filename.startswith(ASYNCIO) and code.co_name != "wait_for"


def _study(coro: Any, future: object) -> Kind:
    codes = list(_awaits(coro))
    ours = [code for code in codes if is_self_contained(code)]
    if not codes or (codes[-1].co_qualname == "TaskGroup.__aexit__" and not ours):
        return QUEUES if codes else WAITS  # anyio's
    if codes[-1].co_filename.startswith(ASYNCIO):
        kind = QUEUES if codes[-1].co_filename in _AMONG_TASKS and codes[-1] is not _SLEEP else WAITS
        if ours:
            KNOWN[id(ours[0])] = ours[0], kind
        return kind
    return _bare(future)


def _awaits(coro: Any) -> Iterator[CodeType]:
    """The code of each coroutine on a stack of awaits, outermost first."""
    while coro is not None:
        if type(coro) in _CODE:
            yield _CODE[type(coro)](coro)
        coro = awaited_by(coro)


def _bare(future: Any) -> Kind:
    """A future that is awaited by the program itself: asyncio ties some of them to a thread or to another future."""
    for entry in getattr(future, "_callbacks", None) or ():
        name = qualname_of(entry[0])
        if name.startswith("_chain_future."):
            return WAITS
        if name.startswith("shield."):
            return QUEUES
    return UNDECIDED
