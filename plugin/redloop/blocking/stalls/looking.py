"""The thread that looks: it can be ended, so that nothing is left of it where the process is about to be forked.

It is none of `threading`'s: those are started and ended under a lock, which whoever forks may hold, and are listed to
the suite's code.
"""

from __future__ import annotations

import ctypes
from _thread import allocate_lock, get_ident, get_native_id, start_new_thread
from typing import TYPE_CHECKING

from redloop.blocking.mutex import acquire
from redloop.blocking.stalls.probe import SamplerProbe
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable

    from redloop.blocking.stalls.alarms import Alarms
    from redloop.blocking.stalls.probe import Clocks


class LookingThread:
    """Calls `look(clocks)`, with its own, whenever an alarm goes off, from `start()` to `end()`."""

    def __init__(
        self, alarms: Alarms, look: Callable[[Clocks], None], failed: Callable[[Exception], None], before: Clocks
    ) -> None:
        """`failed(error)` is told why it ends by itself; `before` are the clocks of the thread that it comes after."""
        self._alarms, self._look, self._failed, self._before = alarms, look, failed, before
        self._ident = self._native = 0
        self.is_over = False
        self._running = allocate_lock()

    def start(self) -> None:
        """Begin to look."""
        self._running.acquire()
        start_new_thread(self._run, ())

    def end(self) -> None:
        """Look no more, and wait until the thread is gone, if it goes soon: `is_over`, unless it cannot be told.

        Whoever calls may hold a lock that it waits for: then it goes when that is let go of.
        """
        if get_ident() == self._ident:
            return
        until = perf_counter() + _PATIENCE
        try:
            alarm = self._alarms.new()
        except (OSError, ValueError):  # the program has closed all its files
            return
        self.is_over = True
        alarm.go_off()
        try:
            if acquire(self._running, timeout=_PATIENCE):
                self._wait_for_the_kernel(until)
        finally:
            alarm.close()

    def clocks(self) -> Clocks | None:
        """Its own, read from another; None when it has hardly begun."""
        return SamplerProbe(self._native, self._before).clocks() if self._native else None

    def _run(self) -> None:
        self._ident, native = get_ident(), get_native_id()
        try:
            own = SamplerProbe(native, self._before)
            self._native = native
            while not self.is_over:
                self._look(own.clocks())
                self._alarms.wait()
        except Exception as error:  # noqa: BLE001 - nobody would see it
            self._failed(error)
            self.is_over = True
        finally:
            self._running.release()

    def _wait_for_the_kernel(self, until: float) -> None:
        """Its last instruction is behind it, and still the kernel counts it for a moment."""
        path, never = b"/proc/self/task/%d" % self._native, allocate_lock()
        never.acquire()
        while True:
            acquire(never, timeout=_A_MOMENT)  # a sleep that nobody watches
            if _access(path, 0) != 0 or perf_counter() > until:
                return


_PATIENCE = 0.25  # seconds
_A_MOMENT = 5e-5  # seconds
_access = ctypes.PyDLL(None).access
