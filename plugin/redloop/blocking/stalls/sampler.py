"""The thread that looks at every running loop which has not turned for a few milliseconds."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager, suppress
from time import sleep
from typing import TYPE_CHECKING, Any

from redloop.blocking.faults import said
from redloop.blocking.loops import outside_of_the_loop
from redloop.blocking.mutex import Mutex
from redloop.blocking.stalls.alarms import Alarm, Alarms, new_alarms
from redloop.blocking.stalls.forks import soon
from redloop.blocking.stalls.looking import LookingThread
from redloop.blocking.stalls.probe import Clocks, probe_here
from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redloop.blocking.stalls.watching import WatchedLoop


class Sampler:
    """Starts its thread with the first loop, and ends it only before a fork: CPython warns of forking beside threads.

    What it waits with is made before anything is patched, and the catalogue passes its calls through: no loop runs on
    this thread.
    """

    def __init__(self, failed: Callable[[str], None] = lambda _: None) -> None:
        """`failed(text)` is told of errors that nobody foresaw."""
        self._failed = failed
        self._watched: dict[int, WatchedLoop] = {}
        self._thread: LookingThread | None = None
        self._starting = Mutex()
        self._left = 0.0  # when the thread ended before a fork
        self._alarms: Alarms | None = None
        self.clocks = Clocks(0.0)  # the thread's own, when it last woke up
        self._process = os.getpid()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._leave, after_in_parent=soon(self._come_back), after_in_child=self._forget)

    def alarm(self) -> Alarm:
        """Make an alarm that has this thread look at all loops that it is time for."""
        if self._alarms is None:
            self._alarms = new_alarms()
        return self._alarms.new()

    def open(self) -> None:
        """Open the files that it keeps, as the first loop that is looked at does, and wait until they are open."""
        if self._thread is None:
            self.alarm().close()
            with suppress(RuntimeError):  # no more threads can be started
                self._start()
            probe_here().open()
            until = perf_counter() + _PATIENCE
            while self._thread is not None and self._thread.clocks() is None and perf_counter() < until:
                sleep(_A_MOMENT)

    def add(self, watched: WatchedLoop) -> None:
        """Look at the loop that starts on this thread."""
        self._watched[threading.get_ident()] = watched
        self._start()

    def remove(self, thread: int) -> Any:
        """Look at this thread's loop no longer, and have its last step judged. Returns the loop, if there is one."""
        watched = self._watched.pop(thread, None)
        if watched is None:
            return None
        watched.close()
        return watched.loop

    def is_forked(self) -> bool:
        """Whether this is a child that was forked off, and nobody has told us yet: asyncio is told first."""
        return self._process != os.getpid()

    def settle(self) -> None:
        """Have what went on until now judged."""
        for watched in list(self._watched.values()):
            watched.settle()

    def watched(self, thread: int) -> WatchedLoop | None:
        """What is known of a thread's loop."""
        return self._watched.get(thread)

    def threads(self) -> list[int]:
        """The threads that are looked at."""
        return list(self._watched)

    def clocks_now(self) -> Clocks:
        """The thread's own, read from another. Dearer than `clocks`."""
        thread = self._thread
        return (thread and thread.clocks()) or self.clocks

    def _start(self) -> None:
        """Start the thread unless there is one, or somebody is at it: a fork may interrupt whatever goes on."""
        if self._alarms is None or not self._starting.enter_if_free():
            return
        try:
            if self._thread is None or self._thread.is_over:
                thread = LookingThread(self._alarms, self._look, self._fell, self.clocks)
                thread.start()
                self._thread = thread
        finally:
            self._starting.leave()

    def _look(self, clocks: Clocks) -> None:
        """Look at all loops; on the thread itself a variable would keep the last one alive."""
        self.clocks = clocks
        for watched in list(self._watched.values()):
            try:
                watched.sample(clocks)
            except OSError:  # its thread has ended
                pass
            except Exception as error:  # noqa: BLE001 - ours, whatever it is: the other loops are looked at all the same
                self._failed(said(error))
                with suppress(Exception):
                    watched.give_up()

    def _fell(self, error: Exception) -> None:
        """The thread has ended by an error: the next loop that starts has another one look at all."""
        self._failed(said(error))
        self._alarms = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Have no thread in the block, as while the process is forked: others list the threads that there are."""
        self._leave()
        try:
            yield
        finally:
            self._come_back()

    def _leave(self) -> None:
        """Before a fork, the thread ends: without it, whoever has no threads of his own is not warned of them.

        Whoever forks on another thread than the main one is warned anyway. And a finalizer may fork while this thread
        looks at its loop: ours would wait for it to let go of that.
        """
        thread = self._thread
        if thread is None or threading.get_ident() != threading.main_thread().ident:
            return
        if any(watched.is_looked_at_here() for watched in list(self._watched.values())):
            return
        self._left = perf_counter()
        try:
            with outside_of_the_loop():
                thread.end()
        finally:
            if thread.is_over:
                self._thread = None

    def _come_back(self) -> None:
        """Go on looking. Nobody has looked during the fork, which has the lock of the interpreter: so it was held."""
        if self._watched and self._thread is None:
            polls = int((perf_counter() - self._left) / sys.getswitchinterval())
            self.clocks = self.clocks._replace(switches=self.clocks.switches + polls)
            with suppress(RuntimeError):  # no more threads can be started
                self._start()

    def _forget(self) -> None:
        """In a forked child there is no thread of ours, no loop runs, and the timers are the parent's."""
        for watched in self._watched.values():
            watched.forget()
        self.__dict__.update(_watched={}, _thread=None, _alarms=None, clocks=Clocks(0.0), _process=os.getpid())
        self._starting = Mutex()


_PATIENCE = 0.05  # seconds
_A_MOMENT = 5e-5  # seconds
