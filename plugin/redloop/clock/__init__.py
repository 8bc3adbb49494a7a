"""The virtual clock: an event loop whose waits cost no real time.

When nothing is ready, the clock jumps to the next timer. Work outside the loop (a thread, a process, a peer's socket)
is waited for in real time and costs no loop time, unless it outlasts the next timer: no time-out strikes that the real
clock would not also have given.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, TypeVarTuple, Unpack

from redloop.clock.selector import Selector
from redloop.clock.sleep import sleeping_moves

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

Ts = TypeVarTuple("Ts")
RESOLUTION = 1e-9
"""Seconds: `loop.time()` is rounded to this."""


class When(float):
    """A timer's loop time, and how far the real clock was ahead of the loop's when the timer was set, in seconds."""

    __slots__ = ("lag",)
    lag: float


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio event loop on virtual time: `asyncio.Runner(loop_factory=redloop.VirtualLoop)`.

    `loop.time()` starts at 0.0 and is rounded to 1e-9 s, so that three sleeps of 0.1 s read 0.3. `time.sleep` on the
    loop's thread moves the clock by exactly its argument, and really sleeps at most 0.1 s.

    `run_forever`, and so `asyncio.run`, raises `DeadlockError` when every task waits and nothing is left that could
    wake one, and `LivelockError` after `max_turns` turns in a row that only poll while the clock stands still.
    """

    def __init__(self, *, max_turns: int = 100_000) -> None:
        self.max_turns = max_turns
        self._now = 0.0
        self._lag = 0.0  # real seconds spent waiting for outside work that the loop's clock has not made up for
        super().__init__(Selector(self))
        self._clock_resolution = RESOLUTION

    def time(self) -> float:
        """The virtual time, in seconds since the loop was made."""
        return self._now

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Like every loop's `call_at`; `when` in seconds of virtual time."""
        if self._lag:
            when = When(when)
            when.lag = self._lag
        return super().call_at(when, callback, *args, context=context)

    def run_forever(self) -> None:
        """Run until `stop()`; raise `DeadlockError` or `LivelockError` where the real loop would hang."""
        from redloop.diagnosis import track_holders

        with sleeping_moves(self.advance), track_holders():
            super().run_forever()

    def advance(self, seconds: float) -> None:
        """Move the clock on, as a blocking call of that length does; timers that come due meanwhile fire after it."""
        self._move(self._now + seconds)

    def next_timer(self) -> float | None:
        """When the next timer is due, in loop time; None when none is set or it is at infinity."""
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return scheduled[0].when() if scheduled and scheduled[0].when() < math.inf else None

    def real_seconds_left(self, due: float) -> float:
        """How much longer the real clock would have waited for the timer due at `due`."""
        return due + getattr(due, "lag", 0.0) - (self._now + self._lag)

    def waited(self, seconds: float) -> None:
        """Note that outside work was waited for, for so many real seconds."""
        self._lag += seconds

    def jump(self, due: float) -> None:
        """Move the clock to the timer due at `due`."""
        self._lag = max(self._lag - (due - self._now), getattr(due, "lag", 0.0))
        self._move(due)

    def _move(self, to: float) -> None:
        self._now = round(float(to), 9)
        # Past 97 days a nanosecond is less than a float can tell apart, and no timer would ever count as due.
        self._clock_resolution = max(RESOLUTION, math.ulp(self._now))
