"""What a fork asks for: nothing of ours before it is over."""

from __future__ import annotations

import ctypes
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def soon(function: Callable[[], None]) -> Callable[[], object]:
    """Return what has the main thread call `function` when it runs Python code again, like a signal's handler.

    It is itself no Python code: as a hook that runs in the parent after a fork, it makes the function wait until
    the fork returns, unless another hook, written in Python, comes after it. CPython 3.13 runs the hooks first, and
    only then counts the threads to warn of them.
    """

    def call(_: object) -> int:
        function()
        return 0

    return partial(_add_pending_call, _Pending(call), None)


_Pending = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_add_pending_call = ctypes.PyDLL(None).Py_AddPendingCall  # where there is no room for one more, it is pending already
