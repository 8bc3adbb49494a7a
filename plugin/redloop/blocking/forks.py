"""What a fork asks for: nothing of ours before it is over, and, as other C code that warns, the right line to name."""

from __future__ import annotations

import ctypes
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def called_from(caller: FrameType, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what calls `function`, and has it find itself where `caller` is: file, line, globals, name.

    C code that warns asks the innermost frame. To catch the warning and to issue it again would be for all threads,
    and make each warning of the suite's that was shown once be shown once more.
    """
    code = caller.f_code
    there = _call.__code__.replace(
        co_filename=code.co_filename,
        co_name=code.co_name,
        co_qualname=code.co_qualname,
        co_firstlineno=caller.f_lineno or code.co_firstlineno,
    )
    here = FunctionType(there, caller.f_globals)
    here.__kwdefaults__ = {"function": function, "__tracebackhide__": True}
    return here


# A lambda, on one line: then that is its first one, and the only one. pytest looks for the unused name in its frame.
_call = lambda *args, function, __tracebackhide__, **kwargs: function(*args, **kwargs)  # noqa: ARG005, E731 - as said


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
