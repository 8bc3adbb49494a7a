# ruff: noqa: FBT002, FBT003, SLF001 - the signature is the lock's own; frames are what this is about
"""Taking a lock blocks only if somebody has it: what stands in for `acquire` takes a free one itself, and says nothing.

Locks are taken by the dozen in each test, nearly all of them free, by `threading` for the most part. So each way to
take one has a replacement with that way's own signature: one that takes any arguments costs twice as much.
"""

from __future__ import annotations

import sys
import threading
from asyncio import _get_running_loop
from functools import wraps
from threading import Condition, Lock, RLock, Thread
from typing import TYPE_CHECKING, Any

from redloop.blocking.unseen import passed_over

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from redloop.blocking.catalogue import Entry

_NO_TIMEOUT = -1
_ACQUIRE = {kind: kind.acquire for kind in (type(Lock()), type(RLock()))}  # before another tool puts its own there
# Where the standard library waits for another thread on purpose. Its other locks guard a few instructions of its own.
_WAITS = {
    function.__code__
    for function in (Condition.wait, getattr(Thread, "_wait_for_tstate_lock", None))
    if function is not None
}
# `with condition:`, and the reentrant lock that is written in Python: whose lock it is, only their caller can tell.
_ENTERS_FOR_ITS_CALLER = {Condition.__enter__.__code__, threading._PyRLock.acquire.__code__}  # type: ignore[attr-defined]


def wrap(entry: Entry, owner: Any, original: Any, report: Callable[..., Any]) -> Any:
    """What stands in for `original`, one of the methods by which a lock of the class `owner` is taken.

    `report(caller, entry, original, args, kwargs)` makes a call that waits.
    """
    acquire = _ACQUIRE.get(owner, vars(owner)["acquire"])
    in_threads = entry.module == "_thread"

    @passed_over
    def take(caller: FrameType, lock: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if _get_running_loop() is None or _will_not_wait(*args, **kwargs):
            return original(lock, *args, **kwargs)
        if acquire(lock, False):
            return True
        if in_threads and _guards_the_library(caller):
            return original(lock, *args, **kwargs)
        return report(caller, entry, original, (lock, *args), kwargs)

    if entry.target.endswith(".__enter__"):
        return _enters(original, acquire, take)
    return _takes_in_threads(original, acquire, take) if in_threads else _takes(original, take)


def _enters(original: Any, acquire: Any, take: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any) -> Any:
        __tracebackhide__ = True
        if acquire(lock, False):
            return True
        return take(sys._getframe(1), lock)

    return passed_over(call)


def _takes_in_threads(original: Any, acquire: Any, take: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any, blocking: Any = True, timeout: Any = _NO_TIMEOUT) -> Any:
        __tracebackhide__ = True
        if not blocking:
            return original(lock, blocking, timeout)
        if timeout is _NO_TIMEOUT and acquire(lock, False):
            return True
        return take(sys._getframe(1), lock, blocking, timeout)

    return passed_over(call)


def _takes(original: Any, take: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return take(sys._getframe(1), lock, *args, **kwargs)

    return passed_over(call)


def _will_not_wait(
    blocking: object = True,
    timeout: float = _NO_TIMEOUT,
    *more: object,
    block: object = True,
    **others: object,
) -> bool:
    """`block` is what a lock of multiprocessing calls it; of what is none of these, the lock itself is to complain."""
    return bool(not blocking or not block or timeout == 0 or more or others)


def _guards_the_library(frame: FrameType) -> bool:
    while frame.f_code in _ENTERS_FOR_ITS_CALLER and frame.f_back is not None:
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names and frame.f_code not in _WAITS
