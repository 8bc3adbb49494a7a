"""`time.sleep` on a virtual loop's thread: it blocks the loop, so it moves the loop's clock."""

from __future__ import annotations

import inspect
import math
import operator
import os
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redloop.modules import globals_of
from redloop.patching import StandIn, loaded_modules, newest_module
from redloop.stored import stored_in
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping
    from types import ModuleType

    from redloop.clock import VirtualLoop
    from redloop.stored import Held

    Place = tuple[MutableMapping[Any, Any] | Held, Any]

LONGEST = 0.1
"""The most that `time.sleep` really sleeps under a virtual clock, in seconds: something outside may need the time."""
ALONE = 0.01
"""The most where nothing outside is known. Not 0: code that polls for what nobody knows of would race through hours."""

_real = inspect.unwrap(time.sleep)
_loops: dict[int, VirtualLoop] = {}  # by the thread on which it runs
os.register_at_fork(after_in_child=_loops.clear)  # no loop runs in a child, though its thread has the same number


class _Sleep(StandIn):
    """Moves the clock of the virtual loop that runs on this thread; where none does, it is the real `time.sleep`."""

    def __call__(self, seconds: float, /) -> None:
        __tracebackhide__ = True
        loop = _loops.get(threading.get_ident())
        if loop is None:
            _real(seconds)
        elif isinstance(seconds, int | float):
            longest = loop.longest_sleep()
            _real(longest if longest < seconds < math.inf else seconds)
            loop.advance(seconds)
        else:
            _real(seconds)  # an integer of another kind, or it says what is wrong with it
            loop.advance(operator.index(seconds))


sleep = _Sleep(_real, "time")


class _Patch:
    """Puts `sleep` wherever `time.sleep` is reached from, while at least one virtual loop runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loops = 0
        self._newest = 0, 0
        self._known: weakref.WeakKeyDictionary[ModuleType, tuple[int, list[Place]]] = weakref.WeakKeyDictionary()
        self._places: list[Place] = []

    def __enter__(self) -> None:
        with self._lock:
            self._loops += 1
            if self._loops == 1:
                self._put(_real, sleep)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._loops -= 1
            if self._loops == 0:
                self._put(sleep, _real)

    def _put(self, standing: object, replacement: object) -> None:
        if self._newest != newest_module():
            self._look_through()
            self._newest = newest_module()
        for namespace, name in self._places:
            if namespace.get(name) is standing:  # what somebody else put there meanwhile is theirs
                namespace[name] = replacement

    def _look_through(self) -> None:
        """Find the places of `time.sleep` in the modules that are new, or have grown: all would take milliseconds."""
        self._places = []
        for _, module in loaded_modules():
            size, places = self._known.get(module, (0, []))
            if size != len(globals_of(module)):
                size, places = len(globals_of(module)), list(_places_in(module))
                self._known[module] = size, places
            self._places += places


def _places_in(module: ModuleType) -> Iterator[Place]:
    ours = {id(_real), id(sleep)}
    names = globals_of(module)
    for name, value in list(names.items()):
        if id(value) in ours:
            yield names, name
    file = names.get("__file__")
    if file is not None and is_users(file):
        yield from stored_in(module, ours, is_users)


_patch = _Patch()


@contextmanager
def sleeping_moves(loop: VirtualLoop) -> Iterator[None]:
    """Let `time.sleep` on this thread move the clock of `loop` while the block runs, and sleep no longer than it says.

    Several threads may do so at a time; the last one out restores `time.sleep`.
    """
    thread = threading.get_ident()
    outer = _loops.get(thread)
    with _patch:
        _loops[thread] = loop
        try:
            yield
        finally:
            _loops.pop(thread, None)  # a forked child has none
            if outer is not None:
                _loops[thread] = outer
