"""Garbage collection on a loop's thread: it holds the loop for as long as it lasts, on a line that is not to blame."""

from __future__ import annotations

import gc
from collections import deque
from threading import get_ident
from time import perf_counter


class Garbage:
    """Times the garbage collections of every thread while it watches."""

    def __init__(self) -> None:
        self._began: dict[int, float] = {}
        self._past: deque[tuple[float, float]] = deque(maxlen=200)  # when one began, and its seconds

    def watch(self) -> None:
        """Be told of collections from now on."""
        if self.told not in gc.callbacks:
            gc.callbacks.append(self.told)

    def release(self) -> None:
        """Be told no longer."""
        if self.told in gc.callbacks:
            gc.callbacks.remove(self.told)

    def seconds(self, began: float, ended: float) -> float:
        """For how long garbage was collected between two times of `time.perf_counter()`."""
        past = list(self._past)  # at once: a collection on another thread, or in this very sum, adds to it
        return sum(taken for start, taken in past if began <= start <= ended)

    def told(self, phase: str, _info: dict[str, int]) -> None:
        """A collection on this thread begins or ends."""
        if phase == "start":
            self._began[get_ident()] = perf_counter()
            return
        began = self._began.pop(get_ident(), None)
        if began is not None:
            self._past.append((began, perf_counter() - began))
