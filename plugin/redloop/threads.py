"""What threads do, where that may be asked.

`sys._current_frames` and `sys._current_exceptions` go through the threads of all interpreters. From Python 3.12 on, one
of `concurrent.interpreters` runs under a lock of its own, and to make an object of its frame corrupts its memory: the
process aborts (seen with CPython 3.12.1 and 3.13.0).
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
