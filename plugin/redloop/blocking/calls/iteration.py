# ruff: noqa: SLF001 - frames are what this is about
"""Iterating over what waits for each item: the first is a call, and those that come after it are noted together.

There are thousands, and to note each would be a hundred times as dear as they are.
"""

from __future__ import annotations

import sys
from asyncio import _get_running_loop
from functools import wraps
from threading import get_ident
from typing import TYPE_CHECKING, Any

from redloop.blocking.unseen import unseen
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from redloop.blocking.calls.catalogue import Entry

_TOGETHER = 0.01  # seconds in which items are noted as one
_NOBODY = 0, 0, 0
_THE_LAST = 0.001  # seconds for which those that are left at the end are


def wrap(
    entry: Entry,
    original: Any,
    inside: Sequence[Collection[int]],
    call: Callable[..., Any],
    note: Callable[..., None],
) -> Any:
    """Make what stands in for a `__next__`, on threads that are not `inside` of another call."""
    iterations: dict[int, tuple[tuple[int, int, int], float]] = {}  # by the thread: who iterates over what, and seconds

    @wraps(original)
    def following(iterator: Any) -> Any:
        __tracebackhide__ = True
        thread = get_ident()
        if _get_running_loop() is None or any(thread in threads for threads in inside):
            return original(iterator)
        caller = sys._getframe(1)
        last, before = iterations.get(thread, (None, 0.0))
        this = id(iterator), id(caller), caller.f_lasti
        if this != last:
            iterations[thread] = this, 0.0
            return call(caller, entry, original, (iterator,), {})
        began, least = perf_counter(), _TOGETHER
        try:
            return original(iterator)
        except StopIteration:
            least, this = _THE_LAST, _NOBODY  # the next iterator may be where this one was
            raise
        finally:
            seconds = before + perf_counter() - began
            if seconds >= least:
                note(caller, entry, original, seconds)
                seconds = 0.0
            iterations[thread] = this, seconds

    return unseen(following)
