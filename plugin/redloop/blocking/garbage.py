"""Garbage collection on a loop's thread: it holds the loop for as long as it lasts, on a line that is not to blame."""

from __future__ import annotations

import gc
import sys
from collections import deque
from contextlib import contextmanager
from threading import get_ident
from time import thread_time
from typing import TYPE_CHECKING, NamedTuple

from redloop.real_time import perf_counter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Collection(NamedTuple):
    """When one began, a `time.perf_counter()`, its seconds of CPU, and whether the code that ran asked for it."""

    began: float
    seconds: float
    asked_for: bool


class Garbage:
    """Times the garbage collections of every thread while it watches."""

    def __init__(self) -> None:
        self._began: dict[int, tuple[float, float, bool]] = {}
        self._past: deque[Collection] = deque(maxlen=200)

    def watch(self) -> None:
        """Be told of collections from now on."""
        if self.told not in gc.callbacks:
            gc.callbacks.append(self.told)

    def release(self) -> None:
        """Be told no longer."""
        if self.told in gc.callbacks:
            gc.callbacks.remove(self.told)

    def between(self, began: float, ended: float) -> list[Collection]:
        """The collections that began between two times of `time.perf_counter()`."""
        past = list(self._past)  # at once: a collection on another thread, or while these are looked at, adds to it
        return [one for one in past if began <= one.began <= ended]

    def told(self, phase: str, _info: dict[str, int]) -> None:
        """A collection on this thread begins or ends."""
        if phase == "start":
            self._began[get_ident()] = perf_counter(), thread_time(), _asks_for_it(sys._getframe().f_back)  # noqa: SLF001 - no public way
            return
        begun = self._began.pop(get_ident(), None)
        if begun is not None:
            began, before, asked_for = begun
            self._past.append(Collection(began, thread_time() - before, asked_for))


def _asks_for_it(frame: FrameType | None) -> bool:
    """Whether the code that runs names `collect`: nothing else tells a call of it from what comes of itself."""
    if frame is None:
        return False
    code = frame.f_code
    return any("collect" in names for names in (code.co_names, code.co_varnames, code.co_freevars))


@contextmanager
def no_collection_here() -> Iterator[None]:
    """Leave collecting garbage to the other threads: whichever makes one object too many calls all finalizers.

    Those of the suite's may belong to its thread, as sqlite3's connections do, and its loop would wait for them. The
    switch is the process's: what the suite sets it to while this thread has lost the interpreter lock in the block does
    not last. So nothing is waited for in the block.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
