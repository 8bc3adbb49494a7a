# ruff: noqa: FBT002, FBT003, SLF001 - the signature is the lock's own; frames are what this is about
"""Taking a lock blocks only if somebody has it: what stands in for `acquire` takes a free one itself, and says nothing.

Locks are taken by the dozen in each test, nearly all of them free, by `threading` for the most part. So each way to
take one has a replacement with that way's own signature: one that takes any arguments costs twice as much.
"""

from __future__ import annotations

import sys
import threading
from _thread import LockType, allocate_lock
from asyncio import _get_running_loop
from functools import wraps
from threading import Condition, RLock, Thread
from typing import TYPE_CHECKING, Any

from redloop.blocking.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from redloop.blocking.calls.catalogue import Entry

_NO_TIMEOUT = -1
# Before another tool puts its own there.
_ACQUIRE: dict[Any, Any] = {kind: kind.acquire for kind in (LockType, type(RLock()))}
_refuse = _ACQUIRE[LockType]
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

    @unseen
    def wait(caller: FrameType, lock: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if _get_running_loop() is None or (in_threads and _guards_the_library(caller)):
            return original(lock, *args, **kwargs)
        return report(caller, entry, original, (lock, *args), kwargs)

    if entry.target.endswith(".__enter__"):
        return _enters(original, acquire, wait)
    takes = _takes_in_threads if in_threads else _takes_between_processes
    return takes(original, acquire, wait)


def _enters(original: Any, acquire: Any, wait: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any) -> Any:
        __tracebackhide__ = True
        if acquire(lock, False):
            return True
        return wait(sys._getframe(1), lock)

    return unseen(call)


def _takes_in_threads(original: Any, acquire: Any, wait: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any, blocking: Any = True, timeout: Any = _NO_TIMEOUT) -> Any:
        if blocking is True and timeout is _NO_TIMEOUT and acquire(lock, False):
            return True
        __tracebackhide__ = True
        if not blocking:
            return original(lock, blocking, timeout)
        # A lock looks at its time-out only if it may wait: one that nobody has refuses what this one would.
        _refuse(allocate_lock(), blocking, timeout)
        if acquire(lock, False):
            return True
        return original(lock, blocking, timeout) if timeout == 0 else wait(sys._getframe(1), lock, blocking, timeout)

    return unseen(call)


def _takes_between_processes(original: Any, acquire: Any, wait: Callable[..., Any]) -> Any:
    @wraps(original)
    def call(lock: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        timeout = None
        if args or kwargs:
            try:
                block, timeout = _block_and_timeout(*args, **kwargs)
            except TypeError:
                return original(lock, *args, **kwargs)
            if block is not True and (type(block) is not int or block != 1):  # 3.11 refuses what is no number
                return original(lock, *args, **kwargs)
        if acquire(lock, False, timeout):
            return True
        if timeout is not None and float(timeout) <= 0:
            return False
        return wait(sys._getframe(1), lock, *args, **kwargs)

    return unseen(call)


def _block_and_timeout(block: Any = True, timeout: Any = None) -> tuple[Any, Any]:
    return block, timeout


def _guards_the_library(frame: FrameType) -> bool:
    while frame.f_code in _ENTERS_FOR_ITS_CALLER and frame.f_back is not None:
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names and frame.f_code not in _WAITS
