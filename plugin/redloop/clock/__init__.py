"""The virtual clock: an event loop whose waits cost no real time.

When nothing is ready, the clock jumps to the next timer. Work outside the loop (a thread, a process, a peer's socket)
is waited for in real time and costs no loop time, unless it outlasts the next timer: no time-out strikes that the real
clock would not also have given.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVarTuple, Unpack

from redloop.clock.selector import Selector
from redloop.clock.sleep import ALONE, LONGEST, sleeping_moves

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from redloop.clock.outside import Work

# The places where asyncio makes a future that another thread will resolve.
_RESOLVED_OUTSIDE = (asyncio.wrap_future.__code__, asyncio.BaseEventLoop.shutdown_default_executor.__code__)
Ts = TypeVarTuple("Ts")
RESOLUTION = 1e-9
"""Seconds: `loop.time()` is rounded to this."""

FAR = 2.0**22
"""Seconds: later than this (48 days), floats are further apart than `RESOLUTION`, and no timer would count as due."""

MOST_LAST_TURNS = 1_000
"""How many turns tasks that awaited each other in a circle get to end in."""


class When(float):
    """A timer's loop time. `lag`: how far the real clock was ahead of the loop's when it was set, in seconds.

    On the real clock no two timers are set at the same time, so they fire in the order in which they were set; `serial`
    says which that is where the clock stands still. (The heap that asyncio keeps them in is not stable.)
    """

    __slots__ = ("lag", "serial")
    lag: float
    serial: int

    def __lt__(self, other: float) -> bool:
        return self.serial < other.serial if self == other and isinstance(other, When) else float.__lt__(self, other)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio event loop on virtual time: `asyncio.Runner(loop_factory=redloop.VirtualLoop)`.

    `loop.time()` starts at 0.0 and is rounded to 1e-9 s, so that three sleeps of 0.1 s read 0.3. `time.sleep` on the
    loop's thread moves the clock by exactly its argument, and really sleeps at most 0.1 s. No other call that blocks
    moves it, nor does a `timeout` that one is given: how long `Event.wait`, `select` or a computation takes is real.

    `run_forever`, and so `asyncio.run`, raises `DeadlockError` when every task waits and nothing is left that could
    wake one, and `LivelockError` after `max_turns` turns in a row that only poll while the clock stands still.
    Raises ValueError for a `max_turns` below 1.
    """

    def __init__(self, *, max_turns: int = 100_000) -> None:
        if max_turns < 1:
            self._closed = True  # which `__del__` asks for, and nothing was opened
            raise ValueError(f"max_turns is a number of turns from 1, not {max_turns!r}")
        self.max_turns = max_turns
        self._now = 0.0
        self._timers_set = itertools.count()
        self._lag = 0.0  # real seconds spent waiting for outside work that the loop's clock has not made up for
        self._virtual = Selector(self)
        super().__init__(self._virtual)
        self._clock_resolution = RESOLUTION

    def time(self) -> float:
        """The virtual time, in seconds since the loop was made."""
        return self._now

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Like every loop's `call_at`; `when` in seconds of virtual time."""
        when = When(when)
        when.lag = self._lag
        when.serial = next(self._timers_set)
        return super().call_at(when, callback, *args, context=context)

    def run_forever(self) -> None:
        """Run until `stop()`; raise `DeadlockError` or `LivelockError` where the real loop would hang."""
        __tracebackhide__ = True
        from redloop.diagnosis import DeadlockError, track_holders, untie

        with sleeping_moves(self), track_holders():
            try:
                super().run_forever()
            except DeadlockError:
                if untie(asyncio.all_tasks(self)):  # else nobody could cancel them, not even asyncio.run on its way out
                    self._take_turns()
                raise
            finally:
                self._virtual.spin.reset()

    def _take_turns(self) -> None:
        for _ in range(MOST_LAST_TURNS):
            if not self._ready:  # type: ignore[attr-defined]
                return
            self.call_soon(self.stop)
            super().run_forever()

    def create_future(self) -> asyncio.Future[Any]:
        """Like every loop's; one that a thread or a process will resolve counts as outside work."""
        future: asyncio.Future[Any] = self._new_future()
        if sys._getframe(1).f_code in _RESOLVED_OUTSIDE:  # noqa: SLF001
            self._virtual.outside.add_job(future)
        return future

    def _new_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def call_soon_threadsafe(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Like every loop's; a thread that calls it is outside work from then on."""
        if threading.get_ident() != self._thread_id:  # type: ignore[attr-defined]
            self._virtual.outside.heard_from(threading.current_thread())
        return super().call_soon_threadsafe(callback, *args, context=context)

    async def _make_subprocess_transport(self, *args: Any, **kwargs: Any) -> asyncio.SubprocessTransport:
        transport: asyncio.SubprocessTransport = await super()._make_subprocess_transport(*args, **kwargs)  # type: ignore[misc]
        self._virtual.outside.add_child(transport)
        return transport

    def outside_work(self) -> list[Work]:
        """What outside this loop may still wake it: threads, processes, pipes, sockets whose peer is elsewhere."""
        return self._virtual.work()

    def advance(self, seconds: float) -> None:
        """Move the clock on, as a blocking call of that length does; timers that come due meanwhile fire after it."""
        self._move(self._now + seconds)

    def longest_sleep(self) -> float:
        """The most that `time.sleep` may really sleep, in seconds."""
        return LONGEST if self.outside_work() else ALONE

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
        self._now = now = round(to, 9)
        if now > FAR:
            self._clock_resolution = math.ulp(now)
