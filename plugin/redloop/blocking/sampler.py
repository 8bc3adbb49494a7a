"""The thread that looks at every running loop which has not turned for a few milliseconds."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from redloop.blocking.alarms import Alarm, Alarms, new_alarms
from redloop.blocking.probe import Clocks, SamplerProbe

if TYPE_CHECKING:
    from redloop.blocking.stalls import WatchedLoop


class Sampler:
    """Starts its thread with the first loop and never joins it: that would block.

    What it waits with is made before anything is patched, and the catalogue passes its calls through: no loop runs on
    this thread.
    """

    def __init__(self) -> None:
        self._watched: dict[int, WatchedLoop] = {}
        self._thread: threading.Thread | None = None
        self._alarms: Alarms | None = None
        self.clocks = Clocks(0.0)  # the thread's own, when it last woke up
        self._process = os.getpid()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def alarm(self) -> Alarm:
        """Make an alarm that has this thread look at all loops that it is time for."""
        if self._alarms is None:
            self._alarms = new_alarms()
        return self._alarms.new()

    def add(self, watched: WatchedLoop) -> None:
        """Look at the loop that starts on this thread."""
        self._watched[threading.get_ident()] = watched
        if self._thread is None and self._alarms is not None:
            arguments = (self._alarms,)
            self._thread = threading.Thread(target=self._run, args=arguments, name="redloop sampler", daemon=True)
            self._thread.start()

    def remove(self, thread: int) -> None:
        """Look at this thread's loop no longer, and have its last step judged."""
        watched = self._watched.pop(thread, None)
        if watched is not None:
            watched.close()

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

    def _forget(self) -> None:
        """In a forked child there is no thread of ours, no loop runs, and the timers are the parent's."""
        for watched in self._watched.values():
            watched.forget()
        self.__dict__.update(_watched={}, _thread=None, _alarms=None, clocks=Clocks(0.0), _process=os.getpid())

    def clocks_now(self) -> Clocks:
        """The thread's own, read from another. Dearer than `clocks`."""
        native = self._thread and self._thread.native_id
        return SamplerProbe(native).clocks() if native else self.clocks

    def _run(self, alarms: Alarms) -> None:
        own = SamplerProbe(threading.get_native_id())
        while True:
            self.clocks = own.clocks()
            self._look()
            alarms.wait()

    def _look(self) -> None:
        """Look at all loops; in `_run` itself a variable would keep the last one alive."""
        for watched in list(self._watched.values()):
            with suppress(OSError):  # its thread has ended
                watched.sample(self.clocks)
