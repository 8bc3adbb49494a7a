"""Finds a program that polls while its clock stands still, and the line that does it."""

# ruff: noqa: SLF001 - the loop's queue of what is ready is private

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any

from redloop.clock.close_look import CloseLook
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redloop.clock import VirtualLoop

TURNS_LOOKED_AT = 100
"""For so many turns the code is watched before it is called a livelock."""
PATIENCE = 20
"""A program that does not poll may take so many times as many turns."""


class Spin:
    """Counts the turns in a row without a timer, an I/O event or a finished task."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._turns = 0
        self._census_every = max(1, loop.max_turns // 10)
        self._pending: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self._pending_count = 0
        self._close_look: CloseLook | None = None
        self._stood_at = 0.0
        self._real = 0.0

    def reset(self) -> None:
        """Something happened: start counting again."""
        self._turns = 0
        if self._close_look is not None:
            self._close_look.stop()
            self._close_look = None

    def turn(self) -> None:
        """Count a turn; raise `LivelockError` after `max_turns` of nothing but polling."""
        __tracebackhide__ = True
        now = self._loop._now
        if now != self._stood_at:
            self._stood_at = now
            self.reset()
        if self._turns == 0:
            self._real = perf_counter()
        self._turns += 1
        if self._close_look is not None:
            self._close_look.turn([*self._loop._ready, *self._due()])  # type: ignore[attr-defined]
            if self._close_look.turns == TURNS_LOOKED_AT:
                self._judge(self._close_look)
        elif self._turns % self._census_every == 0:
            self._census()

    def _due(self) -> Iterator[asyncio.Handle]:
        """The timers that the loop will find to be due in this turn."""
        now = self._loop.time() + self._loop._clock_resolution
        return (timer for timer in self._loop._scheduled if timer.when() < now)  # type: ignore[attr-defined]

    def _census(self) -> None:
        """Ask every now and then whether this program gets on, or waits for something outside."""
        finished = self._pending_count - sum(not task.done() for task in self._pending)
        self._pending = weakref.WeakSet(asyncio.all_tasks(self._loop))
        self._pending_count = len(self._pending)
        if self._loop.outside_work():
            self._let_real_time_pass()
        elif finished:
            self.reset()
        elif self._turns % self._loop.max_turns == 0:
            self._close_look = CloseLook()

    def _let_real_time_pass(self) -> None:
        """Polling for outside work takes real time, and time-outs strike as they would on the real clock."""
        self._loop.waited(perf_counter() - self._real)
        due = self._loop.next_timer()
        if due is not None and self._loop.real_seconds_left(due) <= 0:
            self._loop.jump(due)
        self.reset()

    def _judge(self, look: CloseLook) -> None:
        __tracebackhide__ = True
        turns = self._turns
        self.reset()
        if not look.polls and turns < PATIENCE * self._loop.max_turns:
            self._turns = turns if not look.finished else 0
            return
        from redloop.diagnosis import LivelockError

        line, callback = look.busiest()
        heading = f"livelock: the loop has made {turns:,} turns while its clock stands still at {self._stood_at:g} s."
        if callback:
            raise LivelockError(
                f"{heading}\n"
                f"  What ran most is the callback {callback}(): {line}\n"
                "  Virtual time moves on only when nothing is ready to run, and what call_soon or call_later(0, …)"
                f" schedules is ready at once. Give it a delay, loop.call_later(0.1, {callback}), or have a task await"
                " what it looks for."
            )
        raise LivelockError(
            f"{heading}\n"
            f"  The line that ran most: {line}\n"
            "  Virtual time moves on only when every task waits, and asyncio.sleep(0) does not wait. Await what you"
            " poll (event.wait(), the task, queue.get()), or sleep for a while between two looks."
        )
