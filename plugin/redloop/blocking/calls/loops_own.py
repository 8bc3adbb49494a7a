# ruff: noqa: SLF001 - frames are what this is about
"""What the loop itself calls on every turn, and what of that blocks when the suite's code calls it.

`report(caller, entry, original, args, kwargs)` makes a call that waits.
"""

from __future__ import annotations

import selectors
import sys
from asyncio import Handle, _get_running_loop
from functools import wraps
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls import harmless
from redloop.blocking.lines.places import RUN_ONCE
from redloop.blocking.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from redloop.blocking.calls.catalogue import Entry

_SELECTORS = vars(selectors)
_RUN = Handle._run.__code__


def wrap_select(entry: Entry, original: Any, report: Callable[..., Any]) -> Any:
    """The loop itself waits with it, on every turn until somebody looks at the loop (see `selecting`)."""

    @wraps(original)
    def call(selector: Any, timeout: float | None = None) -> Any:
        __tracebackhide__ = True
        caller = sys._getframe(1)
        if caller.f_code is RUN_ONCE or _get_running_loop() is None or harmless.no_time(selector, timeout):
            return original(selector, timeout)
        if _is_the_loops_wait(caller):
            return original(selector, timeout)
        return report(caller, entry, original, (selector, timeout), {})

    return unseen(call)


def _is_the_loops_wait(frame: FrameType | None) -> bool:
    """Whether a selector of somebody's own, which the loop waits with, calls its class's `select`."""
    while frame is not None and frame.f_code is not _RUN:
        if frame.f_code is RUN_ONCE:
            return True
        frame = frame.f_back
    return False


def wrap_poll(entry: Entry, original: Any, report: Callable[..., Any]) -> Any:
    """A selector waits with it, and the loop's own is one: what is reported of a selector is its `select`."""

    @wraps(original)
    def call(epoll: Any, timeout: float | None = None, maxevents: int = -1) -> Any:
        __tracebackhide__ = True
        if timeout == 0 or _get_running_loop() is None:
            return original(epoll, timeout, maxevents)
        caller = sys._getframe(1)
        if caller.f_globals is _SELECTORS:
            return original(epoll, timeout, maxevents)
        return report(caller, entry, original, (epoll, timeout, maxevents), {})

    return unseen(call)


def wrap_socket(entry: Entry, original: Any, report: Callable[..., Any]) -> Any:
    """The loop itself calls these, on sockets that never wait, twice for each message.

    So the one argument that there mostly is stands by itself: to collect them is dearer than all the rest of it.
    """
    returns_at_once: Any = entry.harmless

    @wraps(original)
    def call(sock: Any, first: Any, /, *more: Any) -> Any:
        __tracebackhide__ = True
        if not more and not sock.getblocking():
            return original(sock, first)
        if _get_running_loop() is None or returns_at_once(sock, first, *more):
            return original(sock, first, *more)
        return report(sys._getframe(1), entry, original, (sock, first, *more), {})

    return unseen(call)
