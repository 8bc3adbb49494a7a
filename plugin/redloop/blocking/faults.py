"""What goes wrong in redloop itself, for a bug report: nobody's test may fail of it."""

from __future__ import annotations

import signal
import traceback
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")
LOST_A_LOOP = "an event loop was not looked at any further, and what held it from then on is missing"
_LOST_A_CALL = "a blocking call may be missing"


def said(error: Exception, lost: str = LOST_A_LOOP) -> str:
    """One line: what was raised, where, and what comes of it."""
    # Its text is not wanted: to read that may be a call that is watched.
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{what} at {frame.f_code.co_filename}:{line}: {lost}. Please report it"


def noted(
    method: Callable[Concatenate[Any, _Arguments], _Answer],
) -> Callable[Concatenate[Any, _Arguments], _Answer | None]:
    """Have an error that nobody foresaw in a detector's `method` be one of its `faults`: the suite's code called it.

    What a handler of the suite's raises, for a signal that came just then, is meant for the suite.
    """

    @wraps(method)
    def guarded(self: Any, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer | None:
        try:
            return method(self, *args, **kwargs)
        except Exception as error:
            if _is_of_a_signal(error):
                raise
            self.faults[said(error, _LOST_A_CALL)] = None
            return None

    return guarded


def _is_of_a_signal(error: Exception) -> bool:
    codes = {frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)}
    handlers = map(signal.getsignal, signal.valid_signals())
    return any(getattr(handler, "__code__", None) in codes for handler in handlers)
