"""Who makes a call, asked once for each way to come there: what writes a file line by line comes thousands of times.

To find out takes a hundred times as long as the call. What was found out is kept by the instructions the step is at.
"""

from __future__ import annotations

from asyncio import _get_running_loop
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls.catalogue import IMPORT
from redloop.blocking.lines.places import is_the_loops, trace
from redloop.blocking.unseen import MARK

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.blocking.calls.catalogue import Entry
    from redloop.blocking.calls.timing import Listener

_MOST = 5000


class Site:
    """A place that makes a call: the listeners who want to know of it, how often it did so, and how long it took."""

    __slots__ = ("codes", "count", "lately", "wanted")

    def __init__(self, wanted: tuple[tuple[Listener, Any], ...], codes: tuple[CodeType, ...]) -> None:
        self.wanted = wanted
        self.codes = codes  # held, so that what is known by their identities stays theirs
        self.count = 0
        self.lately = 0.0  # seconds: the longest, less by half with each call since


class Sites:
    """The places that have made a call since the listeners were last others."""

    def __init__(self, listeners: Callable[[], tuple[Listener, ...]], timed: CodeType) -> None:
        """`timed` is the code that makes a reported call: such a call may be made inside of another."""
        self._listeners, self._timed = listeners, timed
        self._asked: tuple[Listener, ...] = ()
        self._known: dict[tuple[int, ...], Site] = {}
        self._nobodys: dict[int, Site] = {}  # by the identity of code whose calls are nobody's, whoever has called it

    def at(self, caller: FrameType, entry: Entry, original: Any) -> Site:
        """The place at which `caller` calls `original`, which is `entry`'s."""
        listeners = self._listeners()
        if listeners is not self._asked or len(self._known) > _MOST:
            self._asked, self._known, self._nobodys = listeners, {}, {}
        first = caller
        while first.f_code.co_filename.endswith(MARK) and first.f_back is not None:
            first = first.f_back
        if entry is not IMPORT and (site := self._nobodys.get(id(first.f_code))) is not None:
            return site
        way = [id(entry)]
        frame: FrameType | None = caller
        while frame is not None and not is_the_loops(code := frame.f_code):
            way += (id(code), frame.f_lasti)
            frame = frame.f_back
        key = tuple(way)
        return self._known.get(key) or self._find(key, (caller, first), entry, original)

    def clear(self) -> None:
        """Forget all."""
        self._asked, self._known, self._nobodys = (), {}, {}

    def _find(self, key: tuple[int, ...], callers: tuple[FrameType, FrameType], entry: Entry, original: Any) -> Site:
        caller, first = callers
        stack = trace(caller, _get_running_loop(), called=original)
        # What a reported call does is part of it, but for the suite's own code that it calls back.
        stack = tuple(takewhile(lambda one: one.code is not self._timed, stack))
        asked = [(listener, listener.wants(entry, stack)) for listener in self._asked]
        site = Site(tuple((one, want) for one, want in asked if want is not None), _codes(caller))
        if stack and stack[0].code is caller.f_code:  # else nobody's frame is in the step: the next may be another's
            self._known[key] = site
            if (
                entry is not IMPORT
                and not is_the_loops(first.f_code)
                and not any(one.blames(first.f_code) for one in self._asked)
            ):
                self._nobodys[id(first.f_code)] = site
        return site


def _codes(frame: FrameType | None) -> tuple[CodeType, ...]:
    codes = []
    while frame is not None and not is_the_loops(code := frame.f_code):
        codes.append(code)
        frame = frame.f_back
    return tuple(codes)
