"""Who holds a lock or a semaphore, and since which line."""

# ruff: noqa: SLF001 - who takes a lock can be seen only where asyncio keeps its state

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.where import TASKS, own_frames, own_place, short

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = "_redloop_holders"  # in the lock's own __dict__, so that what we know dies with the lock


def holders(lock: object) -> list[tuple[str, str]]:
    """(task name, `file:line`) of each task that holds `lock`, first come first; [] where nobody watched."""
    return list(vars(lock).get(_KEY, ()))


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
            names.setdefault(_KEY, []).append(_taker())
        elif change == -self._taken and names.get(_KEY):
            held = names[_KEY]
            me = _task_name()
            del held[next((i for i, (task, _) in enumerate(held) if task == me), 0)]


def _task_name() -> str:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return task.get_name() if task else "code outside any task"


def _taker() -> tuple[str, str]:
    frame = sys._getframe(2)
    if frame.f_code.co_name == "_wake_up_next":  # a semaphore is handed over by the task that releases it
        for callback, _ in frame.f_locals["fut"]._callbacks or ():
            task = getattr(callback, "__self__", None)
            if isinstance(task, TASKS):
                waiting = own_frames(task.get_coro())[-1]
                return task.get_name(), f"{short(waiting.f_code.co_filename)}:{waiting.f_lineno}"
    filename, lineno = own_place(frame)
    return _task_name(), f"{short(filename)}:{lineno}"


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
