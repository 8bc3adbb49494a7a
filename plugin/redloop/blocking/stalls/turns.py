# ruff: noqa: SLF001 - the loop's internals are what this is about
"""Tell which step this is, and when the loop's turn began.

A step of asyncio's own loops is one frame of `Handle._run`. Once a turn, before its steps, the selector's `select` has
returned, which most often tells us (see `selecting`), and `_process_events` is called.
A compiled loop has neither: there, a heartbeat is posted when the loop looks busy, and a step is what runs between two.
"""

from __future__ import annotations

from asyncio import BaseEventLoop, Handle
from asyncio.selector_events import BaseSelectorEventLoop
from contextlib import suppress
from time import get_clock_info
from typing import TYPE_CHECKING, Any

from redloop.blocking.lines.hindsight import task_of
from redloop.blocking.lines.places import RUN_ONCE
from redloop.blocking.loops import RUNS_UVLOOP
from redloop.blocking.stalls.selecting import SELDOM, OwnSelector
from redloop.frames import local_names
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType


class Turns:
    """The turns and steps of one running loop of asyncio's own, stamped from when it is made until its release."""

    stamped = True
    """Whether each turn is noticed as it begins."""

    def __init__(self, loop: Any, turned: Callable[[float], None]) -> None:
        """Have `turned(now)` called as a turn begins, but not more often than every `SELDOM` seconds."""
        self._loop = loop
        self._stamp: Any = None
        self.selector = OwnSelector(loop, turned)
        if not self.selector.stamps:
            self._stamp_when_processing(turned)

    @property
    def turn(self) -> float:
        """When the loop's current turn began, a `time.perf_counter()`; 0.0 where unknown."""
        return self.selector.turn

    def _stamp_when_processing(self, turned: Callable[[float], None]) -> None:
        due, selector = 0.0, self.selector
        process, clock = self._loop._process_events, perf_counter
        needs_events = getattr(process, "__func__", None) is _PROCESS_EVENTS

        def stamp(events: Any) -> None:  # on every turn: it saves the call that it costs where that has nothing to do
            nonlocal due
            now = selector.turn = clock()
            if now >= due:
                due = now + SELDOM
                turned(now)
            if events or not needs_events:
                process(events)

        self._stamp = self._loop._process_events = stamp

    def release(self) -> None:
        """Leave the loop as it was."""
        self.selector.release()
        if self._stamp is not None and vars(self._loop).get("_process_events") is self._stamp:
            del self._loop._process_events

    def step(self, frame: FrameType | None) -> object | None:
        """What stays the same for as long as a step lasts; None outside a step."""
        return outermost_of_step(frame)

    def place(self, step: Any) -> tuple[bool, bool]:
        """Whether a step is the first of its turn, and whether it is the last."""
        names = _names_of_turn(step)
        number, steps = names.get("i"), names.get("ntodo")
        return number == 0, number is not None and number + 1 == steps

    def began(self, step: Any) -> float:
        """When the turn of a step began, by what the loop itself has noted of it; 0.0 where unknown.

        For a turn that had begun before anybody watched. A loop with a clock of its own tells another time.
        """
        if not tells_when_it_turned(self._loop):
            return 0.0
        due = _names_of_turn(step).get("end_time")  # the timers that are, up to then
        return 0.0 if due is None else float(due - self._loop._clock_resolution)

    def task(self, step: Any) -> str:
        """Name the task that a step was a part of, though it has ended."""
        return task_of(step) if step.f_code is _RUN else ""


class HeartbeatTurns(Turns):
    """The turns and steps of a running loop of uvloop's."""

    stamped = False

    def __init__(self, loop: Any) -> None:
        self._loop, self.selector = loop, OwnSelector(loop, turned=lambda _: None)
        self._posted = False
        self._step: tuple[object, FrameType] | None = None

    def release(self) -> None:
        """Nothing was changed."""

    def step(self, frame: FrameType | None) -> object | None:
        """What stays the same until the heartbeat is heard or another task runs; None while the loop is idle."""
        outermost = None
        while frame is not None and frame.f_code is not RUNS_UVLOOP:
            outermost, frame = frame, frame.f_back
        if outermost is None:
            self._step = None
            return None
        if not self._posted:
            self._posted = True
            with suppress(RuntimeError):  # the loop was closed meanwhile
                self._loop.call_soon_threadsafe(self._beat)
        elif self._step is not None and self._step[1] is outermost:
            return self._step
        self._step = object(), outermost
        return self._step

    def place(self, step: object) -> tuple[bool, bool]:
        """Not known."""
        del step
        return False, False

    def began(self, step: object) -> float:
        """Not known."""
        del step
        return 0.0

    def task(self, step: object) -> str:
        """Not known."""
        del step
        return ""

    def _beat(self) -> None:
        self._posted = False
        self.selector.turn = perf_counter()


def outermost_of_step(frame: FrameType | None) -> FrameType | None:
    """The outermost frame of the step that a loop of asyncio's own is in; None outside a step.

    A handler of `signal.signal` runs outside of any, too, in the middle of the loop's own code.
    """
    innermost = frame
    while frame is not None and frame.f_code is not _RUN:
        if frame.f_code is RUN_ONCE:
            return _intruder(innermost)
        frame = frame.f_back
    return frame


def is_idle(loop: Any, frame: FrameType | None) -> bool:
    """Whether a loop is surely in no step, by the innermost frame of its thread; of a compiled one nobody can tell."""
    return isinstance(loop, BaseEventLoop) and outermost_of_step(frame) is None


def tells_when_it_turned(loop: Any) -> bool:
    """Whether a loop notes itself when each of its turns began, on the clock that we read."""
    return _ONE_CLOCK and isinstance(loop, BaseEventLoop) and type(loop).time is BaseEventLoop.time


def turns_of(loop: Any, turned: Callable[[float], None]) -> Turns:
    """Watch the turns of a loop that is running, and have `turned(now)` called every few milliseconds as one begins."""
    return Turns(loop, turned) if isinstance(loop, BaseEventLoop) else HeartbeatTurns(loop)


def _intruder(frame: FrameType | None) -> FrameType | None:
    """The outermost frame between a turn's and this one that is not the loop's own."""
    found = None
    while frame is not None and frame.f_code is not RUN_ONCE:
        if not str(frame.f_globals.get("__name__", "")).startswith(_LOOPS_OWN):
            found = frame
        frame = frame.f_back
    return found


def _names_of_turn(step: Any) -> Mapping[str, Any]:
    """The local names of the turn of a step."""
    turn = step.f_back if step.f_code is _RUN else None
    while turn is not None and turn.f_code is not RUN_ONCE:  # a tool may stand between
        turn = turn.f_back
    return {} if turn is None else local_names(turn)


_ONE_CLOCK = get_clock_info("monotonic").implementation == get_clock_info("perf_counter").implementation
_RUN = Handle._run.__code__
_PROCESS_EVENTS = vars(BaseSelectorEventLoop)["_process_events"]
_LOOPS_OWN = ("asyncio.", "selectors", "redloop.", "threading", "signal", "heapq")
