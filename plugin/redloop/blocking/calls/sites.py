"""Who makes a call, asked once for each way to come there: what writes a file line by line comes thousands of times.

To find out takes a hundred times as long as the call. What was found out is kept by the instructions the step is at.
"""

from __future__ import annotations

from asyncio import _get_running_loop
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls.catalogue import IMPORT
from redloop.blocking.lines.places import LOOP_CODES, is_the_loops, trace
from redloop.blocking.unseen import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.blocking.calls.catalogue import Entry
    from redloop.blocking.calls.timing import Listener

_MOST = 5000
_LOOPS = frozenset(map(id, LOOP_CODES))  # to compare code is to compare all that it consists of


class Site:
    """A place that makes a call: the listeners who want to know of it, how often it did so, and how long it took."""

    __slots__ = ("codes", "count", "edges", "lately", "wanted")

    def __init__(self, wanted: tuple[tuple[Listener, Any], ...], codes: tuple[CodeType, ...]) -> None:
        self.wanted = wanted
        self.codes = codes  # held, so that what is known by their identities stays theirs
        self.count = 0
        self.lately = 0.0  # seconds: the longest, less by half with each call since
        # Of the time that a clock, which is read inside of it, counts for noting a call. Where nothing is told of it
        # that is less, and what is around it as much as ever.
        self.edges = 1.0 if any(want.is_reported for _, want in wanted) else 1.3


class Sites:
    """The places that have made a call, for listeners that stay the same from one `clear` to the next."""

    def __init__(self, listeners: Callable[[], tuple[Listener, ...]], timed: CodeType) -> None:
        """`timed` is the code that makes a reported call: such a call may be made inside of another."""
        self._listeners, self._timed = listeners, id(timed)
        self._known: dict[tuple[int, ...], Site] = {}
        self.nobodys: dict[int, Site] = {}
        """Of code whose calls are nobody's, whoever has called it, by its identity."""

    def at(self, caller: FrameType, entry: Entry, original: Any) -> Site:
        """The place at which `caller` calls `original`, which is `entry`'s."""
        if len(self._known) > _MOST:
            self.clear()
        first = caller
        while first.f_code.co_filename.endswith(SUFFIX) and first.f_back is not None:
            first = first.f_back
        if entry is not IMPORT and (site := self.nobodys.get(id(first.f_code))) is not None:
            return site
        way = [id(entry)]
        frame: FrameType | None = caller
        while frame is not None and (code := id(frame.f_code)) not in _LOOPS:
            way += (code, frame.f_lasti)
            frame = frame.f_back if code != self._timed else None  # who makes the outer call, that one has told
        key = tuple(way)
        known, nobodys = self._known, self.nobodys
        if (site := known.get(key)) is not None:
            return site
        site, is_its_own, is_nobodys = self._find((caller, first), entry, original)
        if is_its_own:
            known[key] = site
        if is_nobodys:
            nobodys[id(first.f_code)] = site
        return site

    def clear(self) -> None:
        """Forget all."""
        self._known, self.nobodys = {}, {}  # others, since another thread may be about to note something in these

    def _find(self, callers: tuple[FrameType, FrameType], entry: Entry, original: Any) -> tuple[Site, bool, bool]:
        """The site; whether it is the same whenever somebody comes this way; whether all that this code calls is."""
        caller, first = callers
        stack = trace(caller, _get_running_loop(), called=original)
        # What a reported call does is part of it, but for the suite's own code that it calls back.
        stack = tuple(takewhile(lambda one: id(one.code) != self._timed, stack))
        listeners = self._listeners()
        asked = [(listener, listener.wants(entry, stack)) for listener in listeners]
        site = Site(tuple((one, want) for one, want in asked if want is not None), _codes(caller))
        # Else nobody's frame is in the step: the next may be another's.
        is_its_own = bool(stack) and stack[0].code is caller.f_code
        blamed = entry is IMPORT or is_the_loops(first.f_code) or any(one.blames(first.f_code) for one in listeners)
        return site, is_its_own, is_its_own and not blamed


def _codes(frame: FrameType | None) -> tuple[CodeType, ...]:
    codes = []
    while frame is not None and not is_the_loops(code := frame.f_code):
        codes.append(code)
        frame = frame.f_back
    return tuple(codes)
