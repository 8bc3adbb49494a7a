"""Who holds a lock or a semaphore, and since which line."""

# ruff: noqa: SLF001 - who takes a lock can be seen only where asyncio keeps its state

from __future__ import annotations

import asyncio
import sys
import threading
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.where import own_frames, own_place, short
from redloop.tasks import coroutine_of, task_of_callback

if TYPE_CHECKING:
    from collections.abc import Iterator

    Taken = tuple[str, weakref.ref[asyncio.Task[Any]] | None, str, int]

_KEY = "_redloop_holders"  # in the lock's own __dict__, so that what we know dies with the lock


@dataclass(frozen=True, slots=True)
class Holder:
    """One task that holds a lock: its name, the task if it has not ended, and where it took the lock (`file:line`)."""

    name: str
    task: asyncio.Task[Any] | None
    where: str


def holders(lock: object) -> list[Holder]:
    """Each task that holds `lock`, first come first; [] where nobody watched."""
    found = []
    for name, ref, filename, lineno in vars(lock).get(_KEY, ()):
        task = ref() if ref is not None else None
        found.append(Holder(name, None if task is None or task.done() else task, f"{short(filename)}:{lineno}"))
    return found


class _Watched:
    """Stands for `Lock._locked` or `Semaphore._value`: notes who changes it.

    It has no `__get__`, so reading the attribute stays the plain look-up in the instance's `__dict__`; wrapping
    `acquire` instead would put a frame of ours into every traceback.
    """

    def __init__(self, name: str, taken: int) -> None:
        self._name, self._taken = name, taken

    def __set__(self, lock: Any, value: int) -> None:
        names = vars(lock)
        change = value - names.get(self._name, value)
        names[self._name] = value
        if change == self._taken:
            if _KEY in names:
                names[_KEY].append(_taker())
            else:
                names[_KEY] = [_taker()]
        elif change == -self._taken and (held := names.get(_KEY)):
            if len(held) == 1:
                held.clear()
            else:
                me, _ = _task()
                del held[next((i for i, taken in enumerate(held) if taken[0] == me), 0)]


def _task() -> tuple[str, weakref.ref[asyncio.Task[Any]] | None]:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return (task.get_name(), weakref.ref(task)) if task is not None else ("code outside any task", None)


def _taker() -> Taken:
    frame = sys._getframe(2)
    if frame.f_code.co_name == "_wake_up_next":  # a semaphore is handed over by the task that releases it
        for callback, _ in frame.f_locals["fut"]._callbacks or ():
            task = task_of_callback(callback)
            if task is not None:
                waiting = own_frames(coroutine_of(task))[-1]
                return task.get_name(), weakref.ref(task), waiting.f_code.co_filename, waiting.f_lineno
    return *_task(), *own_place(frame)


_lock = threading.Lock()
_users = 0


@contextmanager
def track_holders() -> Iterator[None]:
    """Note who takes asyncio's locks and semaphores while the block runs (any thread; may be nested)."""
    global _users  # noqa: PLW0603 - the patched classes are global, so is the number of those who need them patched
    with _lock:
        _users += 1
        if _users == 1:
            asyncio.Lock._locked = _Watched("_locked", 1)  # type: ignore[attr-defined]
            asyncio.Semaphore._value = _Watched("_value", -1)  # type: ignore[assignment]
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                del asyncio.Lock._locked  # type: ignore[attr-defined]
                del asyncio.Semaphore._value
