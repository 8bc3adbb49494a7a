"""The one place where a loop waits: here time jumps, outside work is waited for, and a stuck program is found."""

from __future__ import annotations

import selectors
import threading
import time
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redloop.clock import VirtualLoop

    Events = list[tuple[selectors.SelectorKey, int]]

LOOK_AGAIN = 0.05
"""How long outside work is waited for before looking whether it is still there, in real seconds."""
SILENCE = 1.0
"""How long foreign threads may say nothing before they count as dead, in real seconds, when no timer is set."""


class Selector(selectors.DefaultSelector):
    """asyncio calls `select` exactly once per turn."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop
        self._threads = weakref.WeakSet(threading.enumerate())
        self._turns = 0
        self._quiet = 0.0

    def select(self, timeout: float | None = None) -> Events:
        """The events that are there; when there are none and nothing is ready, what time or the outside brings."""
        __tracebackhide__ = True
        events = super().select(0)
        if not events and (timeout is None or timeout > 0):
            events = self._wait()
        if events:
            self._quiet = 0.0
        return events

    def _wait(self) -> Events:
        __tracebackhide__ = True
        due = self._loop.next_timer()
        if work := self._outside():
            left = LOOK_AGAIN if due is None else min(LOOK_AGAIN, self._loop.real_seconds_left(due))
            if left > 0:
                started = time.perf_counter()
                events = super().select(left)
                waited = min(left, time.perf_counter() - started)  # a starved process has not waited, it was late
                self._loop.waited(waited)
                self._quiet += waited
                if events or due is not None or not self._silent(work):
                    return events
        if due is None:
            from redloop.diagnosis import DeadlockError, describe_tasks

            raise DeadlockError(
                "deadlock: every task waits, and nothing is left that could wake one.\n" + describe_tasks(self._loop)
            )
        self._loop.jump(due)
        return []

    def _outside(self) -> list[str]:
        work = [f"fd {fd}" for fd in self.get_map()][1:]
        work += [
            f"thread {thread.name}"
            for thread in threading.enumerate()
            if thread not in self._threads and not thread.name.startswith("redloop")
        ]
        return work

    def _silent(self, work: list[str]) -> bool:
        return self._quiet >= SILENCE and all(item.startswith("thread") for item in work)
