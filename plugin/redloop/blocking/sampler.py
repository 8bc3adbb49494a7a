"""The thread that looks at every running loop, every few milliseconds."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from redloop.blocking.measuring import INTERVAL
from redloop.blocking.probe import Clocks, OwnProbe

if TYPE_CHECKING:
    from redloop.blocking.stalls import WatchedLoop


class Sampler:
    """Starts its thread with the first loop, parks it while there is none, and never joins it: that would block.

    `threading.Event` and `Lock` of this module are made before anything is patched, and their methods pass our own
    calls through: no loop runs on this thread.
    """

    def __init__(self) -> None:
        self._watched: dict[int, WatchedLoop] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._called = 0.0  # when the parked thread was last called
        self.clocks = Clocks(0.0)  # the thread's own, when it last looked at them
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def add(self, watched: WatchedLoop) -> None:
        """Look at the loop that starts on this thread."""
        if not self._watched:
            self._called = time.perf_counter()
        self._watched[threading.get_ident()] = watched
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="redloop sampler", daemon=True)
            self._thread.start()
        if not self._wake.is_set():
            self._wake.set()

    def remove(self, thread: int) -> None:
        """Look at this thread's loop no longer, and have its last step judged."""
        watched = self._watched.pop(thread, None)
        if watched is not None:
            watched.close()

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
        """In a forked child there is no thread of ours, and no loop runs."""
        self.__dict__.update(_watched={}, _wake=threading.Event(), _thread=None, clocks=Clocks(0.0))

    def _run(self) -> None:
        own = OwnProbe()
        slept = self._called
        while True:
            self.clocks = own.clocks()
            for watched in list(self._watched.values()):
                with suppress(OSError):  # its thread has ended
                    watched.sample(slept, self.clocks)
            if self._watched:
                slept = time.perf_counter()
                time.sleep(INTERVAL)
                continue
            self._wake.clear()
            if not self._watched:
                self._wake.wait()
            slept = self._called  # whoever has kept the interpreter lock since then held the loop, too
