# ruff: noqa: SLF001 - frames are what this is about
"""Calls by name: while a loop runs, each callable of the catalogue is replaced by one that times it.

Patching, not `sys.monitoring`: it needs no tool id, works the same from 3.11 on, sees calls that C code makes (`map`,
`with lock:`, iterating over a file), is not blind to a call site that first saw something harmless, and has the
arguments, without which a non-blocking `acquire` cannot be told from a blocking one.
"""

from __future__ import annotations

import inspect
import sys
import time
from asyncio import _get_running_loop
from functools import wraps
from threading import Condition, Thread, get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from redloop.blocking import catalogue
from redloop.blocking.places import task_name, victims
from redloop.patching import Patches, aliases

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from redloop.blocking.catalogue import Entry


_NO_TIMEOUT = -1
_SLEEP = inspect.unwrap(time.sleep)
# Where the standard library waits for another thread on purpose. Its other locks guard a few instructions of its own.
_WAITS = {
    function.__code__
    for function in (Condition.wait, getattr(Thread, "_wait_for_tstate_lock", None))
    if function is not None
}


class Listener(Protocol):
    """Who is told of a call."""

    def wants(self, frame: FrameType) -> Any:
        """Return what `called` needs to know about the caller, or None when this call is not to be reported."""

    def called(self, entry: Entry, wanted: Any, span: tuple[float, float], task: str, victims: tuple[str, ...]) -> None:
        """Take note of a call that has ended. `span` is when it began, a `time.perf_counter()`, and its seconds."""


class Calls:
    """The catalogue's callables, watched: `watch()` puts the replacements in place, `release()` takes them back.

    `time.sleep` is watched only while a loop runs (`pause()` ends that): the virtual clock replaces it too, each time
    that its loop runs, and must find the original then; ours goes round the clock's.
    """

    def __init__(self, listeners: Callable[[], tuple[Listener, ...]]) -> None:
        self._listeners = listeners
        self._patches, self._sleep_patches = Patches(), Patches()
        self._inside: set[int] = set()  # threads that are in a reported call: what it calls in turn is part of it
        self._wrappers: dict[int, tuple[Any, Any]] = {}  # id of an original → (the original, its wrapper)
        self._places: list[tuple[Any, str]] = []  # where an original was found
        self._sleep_places: list[tuple[Any, str]] = []
        self._modules: list[int] = []  # those that were looked through

    def watch(self) -> None:
        """Replace what is not replaced yet. Cheap when nothing was imported since."""
        modules = [id(module) for module in list(sys.modules.values())]
        if modules != self._modules:  # looking through all of them takes milliseconds
            self.release()
            self._modules = modules
            self._look_through()
        if not self._patches:
            self._put(self._patches, self._places)
        if not self._sleep_patches:
            self._put(self._sleep_patches, self._sleep_places)

    def pause(self) -> None:
        """Put `time.sleep` back, as it was when the loop started."""
        self._sleep_patches.undo()

    def release(self) -> None:
        """Put every original back."""
        self._sleep_patches.undo()
        self._patches.undo()

    def _look_through(self) -> None:
        self._places = []
        for entry in catalogue.entries():
            found = catalogue.find(entry.target, sys.modules)
            if found is None:
                continue
            owner, name, original = found
            self._wrappers.setdefault(id(original), (original, self._wrap(entry, owner, original)))
            if isinstance(owner, type):
                self._places.append((owner, name))
        for replaced in (time.sleep, getattr(time.sleep, "__wrapped__", None), *_virtual_sleeps()):
            if replaced is not None and id(replaced) not in self._wrappers:
                self._wrappers[id(replaced)] = replaced, self._wrap(catalogue.SLEEP, time, replaced)
        found_at = list(aliases([original for original, _ in self._wrappers.values()]))
        sleeps = {id(original) for original, wrapper in self._wrappers.values() if _is_sleep(original)}
        self._sleep_places = [(space, name) for space, name in found_at if id(space[name]) in sleeps]
        self._places += [(space, name) for space, name in found_at if id(space[name]) not in sleeps]

    def _put(self, patches: Patches, places: list[tuple[Any, str]]) -> None:
        for owner, name in places:
            standing = (vars(owner) if isinstance(owner, type) else owner).get(name)
            known = self._wrappers.get(id(standing))
            if known is not None:
                patches.replace(owner, name, known[1])

    def _wrap(self, entry: Entry, owner: Any, original: Any) -> Any:
        inside, attempt = self._inside, vars(owner).get("acquire") if entry.mutex else None

        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if _get_running_loop() is None or get_ident() in inside:
                return original(*args, **kwargs)
            if attempt is not None and (_will_not_wait(*args, **kwargs) or _guards_the_library(sys._getframe(1))):
                return original(*args, **kwargs)
            if attempt is not None and attempt(args[0], False):  # noqa: FBT003 - the lock's own signature
                return True
            return self._time(entry, original, args, kwargs)

        return call

    def _time(self, entry: Entry, original: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        frame = sys._getframe(2)
        wanted = [] if _harmless(entry, args, kwargs) else [(one, one.wants(frame)) for one in self._listeners()]
        wanted = [(listener, want) for listener, want in wanted if want is not None]
        return self._timed(entry, original, args, kwargs, wanted) if wanted else original(*args, **kwargs)

    def _timed(
        self,
        entry: Entry,
        original: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        wanted: list[tuple[Listener, Any]],
    ) -> Any:
        __tracebackhide__ = True
        loop: Any = _get_running_loop()
        thread = get_ident()
        self._inside.add(thread)
        before, began = loop.time(), perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            # The virtual clock cuts a sleep short and moves by what it would have taken.
            seconds = max(perf_counter() - began, loop.time() - before)
            self._inside.discard(thread)
            late, task = victims(loop), task_name(loop)
            for listener, want in wanted:
                listener.called(entry, want, (began, seconds), task, late)


TIMED = Calls._timed.__code__  # a stack that is in here is in a call that will be reported by its name


def _is_sleep(function: Any) -> bool:
    return inspect.unwrap(function) is _SLEEP


def _virtual_sleeps() -> tuple[Any, ...]:
    clock = sys.modules.get("redloop.clock.sleep")
    return () if clock is None else (clock.sleep,)


def _harmless(entry: Entry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if entry.harmless is None:
        return False
    try:
        return entry.harmless(*args, **kwargs)
    except Exception:  # noqa: BLE001 - arguments that make no sense: let the call itself say so
        return True


def _will_not_wait(_lock: object, blocking: object = True, timeout: float = _NO_TIMEOUT) -> bool:  # noqa: FBT002
    return not blocking or timeout == 0


def _guards_the_library(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names and frame.f_code not in _WAITS
