"""What is shared by all detectors: one hook on loops, one set of patches, one sampling thread."""

from __future__ import annotations

import os
import weakref
from asyncio import BaseEventLoop, _get_running_loop
from contextlib import contextmanager, suppress
from threading import get_ident
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls.timing import Calls
from redloop.blocking.garbage import Garbage
from redloop.blocking.loops import LoopHook
from redloop.blocking.mutex import Mutex
from redloop.blocking.stalls.sampler import Sampler
from redloop.blocking.stalls.watching import Stall, WatchedLoop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from redloop.blocking.detector import Detector


class Engine:
    """Starts watching when a loop runs and a detector is installed; puts everything back when the last one goes."""

    def __init__(self) -> None:
        self._detectors: tuple[Detector, ...] = ()
        self._calls = Calls(self._listening, self._delay, self._spent, self._imported)
        self._sampler = Sampler(self._failed)
        self._garbage = Garbage()
        self._hook = LoopHook(self._loop_started, self._loop_stopped)
        self._lock = Mutex()  # loops start and stop on several threads
        self._changing = Mutex()  # and so do detectors
        self._elsewhere: list[weakref.ref[Any]] = []  # loops that ran on other threads when nobody watched any longer
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def add(self, detector: Detector) -> None:
        """Begin with `detector`; if a loop is running on this thread, at once."""
        self._sampler.settle()  # what went before is not this detector's
        with self._one_by_one():
            is_first = not self._detectors
            if is_first:
                self._hook.install()
            self._detectors = (*self._detectors, detector)
        self._calls.forget()
        loop = _get_running_loop()
        if loop is not None and get_ident() not in self._sampler.threads():
            self._loop_started(loop)
        if is_first:
            self._go_on_elsewhere()

    def remove(self, detector: Detector) -> None:
        """End with `detector`."""
        self._sampler.settle()
        with self._one_by_one():
            if self._detectors == (detector,):
                self._release()
            self._detectors = tuple(one for one in self._detectors if one is not detector)
        self._calls.forget()

    @contextmanager
    def _one_by_one(self) -> Iterator[None]:
        """Detectors come and go on several threads, and in a finalizer in the middle of that."""
        if self._changing.is_mine():
            yield
        else:
            with self._changing:
                yield

    def _release(self) -> None:
        with self._lock:
            for thread in self._sampler.threads():
                loop = self._sampler.remove(thread)
                if thread != get_ident():
                    with suppress(TypeError):  # there are no weak references to it
                        self._elsewhere.append(weakref.ref(loop))
            self._calls.release()
            self._garbage.release()
            self._hook.uninstall()
            self._detectors = ()

    def _forget(self) -> None:
        """In a forked child whoever held the locks is not there to let go of them."""
        self._lock, self._changing = Mutex(), Mutex()

    def open(self) -> None:
        """Open the files that it keeps from the first loop on: a test may look at which are open."""
        self._sampler.open()

    def settle(self) -> None:
        """Judge the steps that are going on as if they ended here; the rest of each counts as another."""
        self._sampler.settle()

    def without_thread(self) -> AbstractContextManager[None]:
        """Have no thread of ours listed in the block. On the main thread; elsewhere nothing changes."""
        return self._sampler.away()

    def _go_on_elsewhere(self) -> None:
        """Have the loops that went on running, as one that a fixture keeps in a thread, say so from there."""
        elsewhere, self._elsewhere = self._elsewhere, []
        for loop in filter(None, (reference() for reference in elsewhere)):
            # Not the virtual loop's own, which takes whoever calls it for somebody who may wake it again.
            kind: Any = BaseEventLoop if isinstance(loop, BaseEventLoop) else type(loop)
            with suppress(RuntimeError):  # it was closed meanwhile
                if loop.is_running():
                    kind.call_soon_threadsafe(loop, self._goes_on, loop)

    def _goes_on(self, loop: Any) -> None:
        if self._detectors and get_ident() not in self._sampler.threads():
            self._loop_started(loop)

    def _loop_started(self, loop: Any) -> None:
        with self._lock:
            if self._detectors:  # or the last has gone meanwhile
                self._calls.watch()
                self._garbage.watch()
                self._sampler.add(WatchedLoop(loop, self._sampler, self._judge, self._shortest))

    def _loop_stopped(self) -> None:
        if self._sampler.is_forked():  # who held the locks when it was forked is not there to let go of them
            return
        with self._lock:
            self._sampler.remove(get_ident())
            if not self._sampler.threads():
                self._calls.pause()

    def _imported(self) -> None:
        # A fork may have taken the lock, and a finalizer may import something while this thread has it.
        if not self._sampler.is_forked() and not self._lock.is_mine():
            with self._lock:
                self._calls.watch_what_was_imported()

    def _delay(self) -> float:
        watched = self._sampler.watched(get_ident())
        return watched.delay() if watched is not None else 0.0

    def _spent(self, seconds: float) -> None:
        watched = self._sampler.watched(get_ident())
        if watched is not None:
            watched.noting += seconds

    def _shortest(self) -> float:
        return min((detector.threshold for detector in self._detectors), default=0.0)

    def _judge(self, stall: Stall) -> None:
        collections = self._garbage.between(stall.began, stall.ended)
        for detector in self._detectors:
            detector.stepped(stall, collections)

    def _failed(self, text: str) -> None:
        for detector in self._detectors:
            detector.faults[text] = None

    def _listening(self) -> tuple[Detector, ...]:
        return self._detectors


ENGINE = Engine()
