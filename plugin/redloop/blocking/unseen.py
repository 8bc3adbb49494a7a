"""What stands between the suite's code and what it calls, and must not be taken for the caller."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

SUFFIX = ", passed over like importlib._bootstrap"
_renamed: dict[CodeType, CodeType] = {}

F = TypeVar("F", bound="Callable[..., object]")


def unseen(function: F) -> F:
    """Have warnings and logging pass over the frames of `function`, one of ours, when they look for who is the caller.

    `warnings.warn(…, stacklevel=2)` in a function of the library would name our line, and a filter for the suite's
    module would not match. CPython passes over the frames of the import system, which it knows by the names of their
    files (`is_internal_filename` in Python/_warnings.c, `_is_internal_frame` in Lib/warnings.py and Lib/logging).
    """
    code: CodeType = function.__code__
    if code not in _renamed:
        _renamed[code] = code.replace(co_filename=code.co_filename + SUFFIX)
    function.__code__ = _renamed[code]
    return function


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


def is_called_from(code: CodeType) -> bool:
    """Whether this is such a place, which is the caller's only to C."""
    return code.co_kwonlyargcount == 2 and code.co_varnames == _call.__code__.co_varnames  # noqa: PLR2004 - and so has it


# A lambda, on one line: then that is its first one, and the only one. pytest looks for the unused name in its frame.
_call = lambda *args, function, __tracebackhide__, **kwargs: function(*args, **kwargs)  # noqa: ARG005, E731 - as said
