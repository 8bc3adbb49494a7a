# ruff: noqa: SLF001 - the selector's internals are what this is about
"""When a loop begins to wait for events, and when it has them: what a turn costs is paid a million times.

The usual selector of Linux gets a `select` of ours, with the standard library's few lines and a clock in it: to have
another function called on every turn costs a twentieth of the turn.
"""

from __future__ import annotations

import selectors
import sys
from math import ceil
from types import FunctionType
from typing import TYPE_CHECKING, Any

from redloop.blocking.stalls.alarms import INTERVAL
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable

SELDOM = INTERVAL / 2
"""`turned` is called as a turn begins, but not more often than every so many seconds."""


class OwnSelector:
    """A running loop's own selector, with a `select` that stays while the class's is replaced as a blocking call."""

    turn = 0.0
    """When the loop's current turn began, if it `stamps` that."""

    def __init__(self, loop: Any, turned: Callable[[float], None]) -> None:
        self.waiting_since = 0.0
        """When the loop began to wait for events, at the end of a turn in which that was asked for."""
        self.asked = False
        self.stamps = False
        self._selector: Any = getattr(loop, "_selector", None)
        self._kept: Any = None
        select: Any = getattr(type(self._selector), "select", None)
        own = getattr(self._selector, "__dict__", None)
        if self._selector is None or own is None or "select" in own or not isinstance(select, FunctionType):
            return  # none that we could go round: a mock, what passes on whatever it is asked for, one with slots
        while hasattr(select, "__wrapped__"):  # as `inspect.unwrap`, at a tenth of the price
            select = select.__wrapped__
        self._kept = self._own = select.__get__(self._selector)
        if select is _known_select:
            self._own = _epoll(self, self._selector, turned)
            self.stamps = True
        self._selector.select = self._own

    def stamp(self) -> None:
        """Have it noted when the loop next begins to wait, once."""
        if self.stamps:
            self.asked = True
            return
        if self._kept is None or vars(self._selector).get("select") is not self._kept:
            return
        selector, kept = self._selector, self._kept

        def select(timeout: float | None = None) -> Any:
            __tracebackhide__ = True
            selector.select = self._own = kept
            self.waiting_since = perf_counter()
            return kept(timeout)

        self._own = selector.select = select

    def release(self) -> None:
        """Take it away again."""
        if self._kept is not None and vars(self._selector).get("select") is self._own:
            del self._selector.select


def _epoll(own: OwnSelector, selector: Any, turned: Callable[[float], None]) -> Callable[[float | None], Any]:
    """What `selectors.EpollSelector.select` does, from Python 3.11 to 3.14, and the time."""
    poll, fd_to_key, clock = _original_poll(selector._selector), selector._fd_to_key, perf_counter
    due = 0.0

    def select(timeout: float | None = None) -> Any:
        nonlocal due
        __tracebackhide__ = True
        if timeout is None:
            timeout = -1
        elif timeout <= 0:
            timeout = 0
        else:  # epoll counts milliseconds, and is not to wait too short
            timeout = ceil(timeout * 1e3) * 1e-3
        if own.asked:
            own.asked = False
            own.waiting_since = clock()
        try:
            found = poll(timeout, len(fd_to_key) or 1)
        except InterruptedError:
            found = []
        own.turn = now = clock()
        if now >= due:
            due = now + SELDOM
            turned(now)
        if not found:
            return found
        ready = []
        for fd, event in found:
            if key := fd_to_key.get(fd):
                events = (event & _NOT_IN and selectors.EVENT_WRITE) | (event & _NOT_OUT and selectors.EVENT_READ)
                ready.append((key, events & key.events))
        return ready

    return select


def _original_poll(epoll: Any) -> Callable[..., Any]:
    """Not what stands in for `epoll.poll` where that is a blocking call."""
    poll: Any = epoll.poll
    while hasattr(poll, "__wrapped__"):
        poll = poll.__wrapped__.__get__(epoll)
    return poll  # type: ignore[no-any-return]


_known_select: Any = None
if hasattr(selectors, "EpollSelector") and sys.version_info < (3, 15):
    import select as _select

    _NOT_IN, _NOT_OUT = ~_select.EPOLLIN, ~_select.EPOLLOUT
    if selectors.EpollSelector.select.__code__.co_filename == selectors.__file__:  # and no other tool's
        _known_select = selectors.EpollSelector.select
