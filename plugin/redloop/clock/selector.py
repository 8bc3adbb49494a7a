"""The one place where a loop waits: here time jumps, outside work is waited for, and a stuck program is found."""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING

from redloop.clock.outside import Outside
from redloop.clock.spin import Spin
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.clock import VirtualLoop
    from redloop.clock.outside import Work

    Events = list[tuple[selectors.SelectorKey, int]]

# Real seconds, all of them.
LOOK_AGAIN = 0.05  # how long outside work is waited for, at most, before looking whether it is still there
SILENCE = 1.0  # how long foreign threads may say nothing before they count as dead, when no timer is set
DELIVERY = 0.05  # how long the kernel may take to carry bytes from one end to the other (delayed ACKs take 0.04)


class Selector(selectors.DefaultSelector):
    """asyncio calls `select` exactly once per turn."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self.outside = Outside()
        self._loop = loop
        self.spin = Spin(loop)
        self._quiet = 0.0

    def register(self, fileobj: int, events: int, data: object = None) -> selectors.SelectorKey:  # type: ignore[override]
        """Watch a file descriptor, as asyncio does, and remember it."""
        self.outside.sockets.add(fileobj)
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> Events:
        """The events that are there; when there are none and nothing is ready, what time or the outside brings."""
        __tracebackhide__ = True
        if events := super().select(0):
            self._quiet = 0.0
            self.spin.reset()
        elif timeout is None or timeout > 0:
            events = self._wait()
        self.spin.turn()
        return events

    def work(self) -> list[Work]:
        """All outside work that there is now."""
        watched = self.get_map()
        if len(watched) == 1:  # the loop's own, on which threads wake it
            return self.outside.work(())
        own = self._loop._ssock.fileno()  # type: ignore[attr-defined]  # noqa: SLF001
        return self.outside.work([key.fd for key in watched.values() if key.fd != own])

    def _wait(self) -> Events:
        __tracebackhide__ = True
        work = self.work()
        due = self._loop.next_timer()
        if work:
            left = min(LOOK_AGAIN, max(self._quiet, 0.001))
            if due is not None:
                left = min(left, self._loop.real_seconds_left(due))
            if left > 0:
                if (events := self._really_wait(left)) or due is not None:
                    return events
                if self._quiet < SILENCE or any(item.lasts for item in work):
                    return []
        elif self.outside.met and (events := self._deliver()):
            return events
        if due is None:
            self._raise_deadlock(work)
        else:
            self._loop.jump(due)
        return []

    def _really_wait(self, seconds: float) -> Events:
        __tracebackhide__ = True
        started = perf_counter()
        events = super().select(seconds)
        waited = min(seconds, perf_counter() - started)  # a starved process did not wait, it was late
        self._loop.waited(waited)
        self._quiet = 0.0 if events else self._quiet + waited
        return events

    def _deliver(self) -> Events:
        """Wait for what is on its way between two ends on this loop, or was sent by what has just gone.

        A jump must not overtake either: whoever was outside may have ended since events were last asked for.
        """
        __tracebackhide__ = True
        until = perf_counter() + DELIVERY
        while self.outside.sockets.in_flight() and perf_counter() < until:
            if events := super().select(0.001):
                return events
        return super().select(0)

    def _raise_deadlock(self, work: Sequence[Work]) -> None:
        __tracebackhide__ = True
        from redloop.diagnosis import DeadlockError, describe_deadlock, stands_at

        self._quiet = 0.0  # what is left gets its own second when the loop runs again to clean up
        names = " and ".join(item.what for item in work)
        if work:
            cause = f"nothing is left that could wake one but {names}, silent for {SILENCE:g} s."
        else:
            cause = "nothing is left that could wake one: no timer, no I/O, no thread, no process."
        told = [f"deadlock: every task waits, and {cause}", describe_deadlock(self._loop, names)]
        told += (f"  {item.what} is at {where}" for item in work if (where := stands_at(item.thread)))
        raise DeadlockError("\n".join(told))
