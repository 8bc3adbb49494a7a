"""What threads do, where that may be asked.

`sys._current_frames` and `sys._current_exceptions` go through the threads of all interpreters. From Python 3.12 on, one
of `concurrent.interpreters` runs under a lock of its own, and to make an object of its frame corrupts its memory: the
process aborts (seen with CPython 3.12.1 and 3.13.0).
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def current_frames() -> dict[int, FrameType]:
    """The innermost frame of each thread, by its identity; empty while there is another interpreter."""
    return sys._current_frames() if _is_alone() else {}  # noqa: SLF001 - as documented


def current_exceptions() -> list[Any]:
    """The exception that each thread handles, as `sys.exc_info` tells it; empty while there is another interpreter."""
    return list(sys._current_exceptions().values()) if _is_alone() else []  # noqa: SLF001 - as documented


def _is_alone() -> bool:
    """Whether this interpreter is the only one: none is made while its lock is held, which `PyDLL` keeps."""
    return bool(_newest() == _main())


_python = ctypes.PyDLL(None)
_newest, _main = _python.PyInterpreterState_Head, _python.PyInterpreterState_Main
_newest.restype = _main.restype = ctypes.c_void_p


def on_a_processor(seconds: float, computed: float, waited: float) -> float:
    """How many of `seconds` of work a thread worked, that `computed` and `waited` for a processor in all, all evenly.

    Where the waiting is taken from a length anyhow, the work in it would else be taken with its waiting once more.
    """
    return seconds * computed / (computed + waited) if waited > 0 else seconds


def read_at(clock: Callable[[], float]) -> tuple[float, float]:
    """What a clock of this thread's says, and when, a `time.perf_counter()`.

    Between two reads the thread may have to wait for a processor. What one clock counted and the other did not would be
    taken from a length that does not have it; so it is read again until both were read at a time, or nearly.
    """
    for _ in range(_TRIES):
        began, read, ended = perf_counter(), clock(), perf_counter()
        if ended - began < _AT_A_TIME:
            break
    return read, ended


_TRIES = 3
_AT_A_TIME = 0.0005  # seconds: a time slice is several milliseconds
