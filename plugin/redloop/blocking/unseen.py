"""What stands between the suite's code and what it calls, and must not be taken for the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

MARK = ", passed over like importlib._bootstrap"
_renamed: dict[CodeType, CodeType] = {}

F = TypeVar("F", bound="Callable[..., object]")


def passed_over(function: F) -> F:
    """Have warnings and logging pass over the frames of `function`, one of ours, when they look for who is the caller.

    `warnings.warn(…, stacklevel=2)` in a function of the library would name our line, and a filter for the suite's
    module would not match. CPython passes over the frames of the import system, which it knows by the names of their
    files (`is_internal_filename` in Python/_warnings.c, `_is_internal_frame` in Lib/warnings.py and Lib/logging).
    """
    code: CodeType = function.__code__
    if code not in _renamed:
        _renamed[code] = code.replace(co_filename=code.co_filename + MARK)
    function.__code__ = _renamed[code]
    return function
