# ruff: noqa: SLF001 - frames are what this is about
"""Calls by name: while a loop runs, each callable of the catalogue is replaced by one that times it.

Patching, not `sys.monitoring`: it needs no tool id, works the same from 3.11 on, sees calls that C code makes (`map`,
`with lock:`, iterating over a file), is not blind to a call site that first saw something harmless, and has the
arguments, without which a non-blocking `acquire` cannot be told from a blocking one.
"""

from __future__ import annotations

import inspect
import sys
import threading
import time
from asyncio import BaseEventLoop, _get_running_loop
from functools import wraps
from threading import Condition, Lock, RLock, Thread, get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from redloop.blocking import catalogue
from redloop.blocking.places import RUN_ONCE, Trace, task_name, trace, victims
from redloop.blocking.scope import is_somebodys_own
from redloop.patching import Plan, loaded_modules, newest_module
from redloop.stored import stored_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType

    from redloop.blocking.catalogue import Entry


_NO_TIMEOUT = -1
_ACQUIRE = {kind: kind.acquire for kind in (type(Lock()), type(RLock()))}  # before another tool puts its own there
_ABSENT: Any = object()
_CLOCK = "redloop.clock.sleep"
_SLEEP = inspect.unwrap(time.sleep)
# Where the standard library waits for another thread on purpose. Its other locks guard a few instructions of its own.
_WAITS = {
    function.__code__
    for function in (Condition.wait, getattr(Thread, "_wait_for_tstate_lock", None))
    if function is not None
}
# `with condition:`, and the reentrant lock that is written in Python: whose lock it is, only their caller can tell.
_ENTERS_FOR_ITS_CALLER = {Condition.__enter__.__code__, threading._PyRLock.acquire.__code__}  # type: ignore[attr-defined]


class Listener(Protocol):
    """Who is told of a call."""

    def wants(self, entry: Entry, stack: Trace) -> Any:
        """Return what `called` needs to know about the caller, or None when this call is not to be reported."""

    def called(
        self, entry: Entry, wanted: Any, span: tuple[float, float], at: float, task: str, victims: tuple[str, ...]
    ) -> None:
        """Take note of a call that has ended.

        `span` is when it began, a `time.perf_counter()`, and its seconds; `at` is when it began in loop time.
        """


class Calls:
    """The catalogue's callables, watched: `watch()` puts the replacements in place, `release()` takes them back.

    `time.sleep` is watched only while a loop runs (`pause()` ends that): the virtual clock replaces it too, each time
    that its loop runs, and must find the original then; ours goes round the clock's.
    """

    def __init__(
        self,
        listeners: Callable[[], tuple[Listener, ...]],
        delay: Callable[[], float],
        spent: Callable[[float], None],
    ) -> None:
        """`spent(seconds)` is told what it took to note a call: that is not the suite's doing."""
        self._listeners, self._delay, self._spent = listeners, delay, spent
        self._plan, self._sleep_plan = Plan(), Plan()
        self._inside: set[int] = set()  # threads that are in a reported call: what it calls in turn is part of it
        self._wrappers: dict[int, tuple[Any, Any]] = {}  # id of an original → (the original, its wrapper)
        self._modules: dict[str, int] = {}  # those that were looked through, by identity
        self._newest = 0, 0

    def watch(self) -> None:
        """Replace what is not replaced yet. Cheap when nothing was imported since."""
        if self._newest != newest_module():
            self.release()
            self._look_through()
            self._newest = newest_module()
        for plan in (self._plan, self._sleep_plan):
            if not plan.applied:
                plan.apply()

    def pause(self) -> None:
        """Put `time.sleep` back, as it was when the loop started."""
        self._sleep_plan.undo()

    def release(self) -> None:
        """Put every original back, also in modules that were imported meanwhile and took a replacement for it."""
        if not self._plan.applied:  # no loop has run: nobody can have taken anything of ours
            return
        self._sleep_plan.undo()
        self._plan.undo()
        if self._newest != newest_module():
            ours = {id(wrapper): original for original, wrapper in self._wrappers.values()}
            for module in self._new_modules():
                for name, one in list(vars(module).items()):
                    if id(one) in ours:
                        vars(module)[name] = ours[id(one)]

    def _look_through(self) -> None:
        """Find the catalogue's callables in the modules that were not looked through yet: it takes milliseconds."""
        if _CLOCK in sys.modules and _CLOCK not in self._modules:
            # From now on there are two functions that may stand where time.sleep does: begin again.
            self._plan, self._sleep_plan, self._modules = Plan(), Plan(), {}
        fresh = self._new_modules()
        loaded = {name: id(module) for name, module in list(sys.modules.items())}
        new = {name for name, module in loaded.items() if self._modules.get(name) != module}
        self._modules = loaded
        for entry in catalogue.entries():
            if entry.module in new and (found := catalogue.find(entry, sys.modules)) is not None:
                owner, name, original = found
                self._wrappers.setdefault(id(original), (original, self._wrap(entry, owner, original)))
                if isinstance(owner, type) or entry is catalogue.IMPORT:
                    self._add(owner if isinstance(owner, type) else vars(owner), name, original)
        sleeps = (_SLEEP, sys.modules[_CLOCK].sleep) if _CLOCK in loaded else (_SLEEP,)
        for sleep in sleeps:
            self._wrappers.setdefault(id(sleep), (sleep, self._wrap(catalogue.SLEEP, time, sleep)))
        for module in fresh:
            self._look_into(module)

    def _new_modules(self) -> list[ModuleType]:
        return [module for name, module in loaded_modules() if self._modules.get(name) != id(module)]

    def _look_into(self, module: ModuleType) -> None:
        known = self._wrappers
        for name, one in list(vars(module).items()):
            if id(one) in known:
                self._add(vars(module), name, one)
        if module.__name__ == "glob" or is_somebodys_own(getattr(module, "__file__", None)):
            for owner, name in stored_in(module, known, is_somebodys_own):
                self._add(owner, name, owner[name])

    def _add(self, owner: Any, name: str, original: Any) -> None:
        if inspect.unwrap(original) is not _SLEEP:
            self._plan.add(owner, name, *self._wrappers[id(original)])
            return
        for one, wrapper in list(self._wrappers.values()):
            if inspect.unwrap(one) is _SLEEP:  # the builtin or the virtual clock's: whichever stands there then
                self._sleep_plan.add(owner, name, one, wrapper)

    def _wrap(self, entry: Entry, owner: Any, original: Any) -> Any:
        """Make what stands in for `original`. It is on hot paths: what is harmless must be out of it at once."""
        if entry.mutex:
            return self._wrap_mutex(entry, _ACQUIRE.get(owner, vars(owner)["acquire"]), original)
        if entry.call in catalogue.OF_THE_LOOP:
            return self._wrap_socket(entry, original)
        harmless = entry.harmless or _never

        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if _get_running_loop() is None:
                return original(*args, **kwargs)
            try:
                waits = not harmless(*args, **kwargs)
            except Exception:  # noqa: BLE001 - arguments that make no sense: let the call itself say so
                waits = False
            return self._call(entry, original, args, kwargs) if waits else original(*args, **kwargs)

        return call

    def _wrap_mutex(self, entry: Entry, acquire: Any, original: Any) -> Any:
        in_threads = entry.module == "_thread"

        @wraps(original)
        def call(lock: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if not args and not kwargs and acquire(lock, False):  # noqa: FBT003 - the lock's own signature
                return True  # it was free: by far the most frequent case
            if _get_running_loop() is None or _will_not_wait(*args, **kwargs):
                return original(lock, *args, **kwargs)
            if acquire(lock, False):  # noqa: FBT003
                return True
            if in_threads and _guards_the_library(sys._getframe(1)):
                return original(lock, *args, **kwargs)
            return self._call(entry, original, (lock, *args), kwargs)

        return call

    def _wrap_socket(self, entry: Entry, original: Any) -> Any:
        """The loop itself calls these, on sockets that never wait, twice for each message.

        So their arguments stand one by one: to collect any number of them is dearer than all the rest of it.
        """
        harmless = entry.harmless or _never

        @wraps(original)
        def call(sock: Any, first: Any = _ABSENT, second: Any = _ABSENT, /, *more: Any) -> Any:
            __tracebackhide__ = True
            if second is _ABSENT and first is not _ABSENT and not sock.getblocking():
                return original(sock, first)
            args = (sock, *(one for one in (first, second) if one is not _ABSENT), *more)
            if _get_running_loop() is None or harmless(*args):
                return original(*args)
            return self._call(entry, original, args, {})

        return call

    def _call(self, entry: Entry, original: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        caller = sys._getframe(2)
        if (
            get_ident() in self._inside
            or caller.f_code is RUN_ONCE  # the loop's own wait for I/O: a loop of which we did not see the start
            or (entry.said and entry.said not in caller.f_code.co_names)
        ):
            return original(*args, **kwargs)
        noticed = perf_counter()
        stack = trace(caller, _get_running_loop(), called=original)
        wanted = [(listener, listener.wants(entry, stack)) for listener in self._listeners()]
        wanted = [(listener, want) for listener, want in wanted if want is not None]
        if wanted:
            return self._timed(entry, original, args, kwargs, wanted, noticed)
        self._spent(perf_counter() - noticed)
        return original(*args, **kwargs)

    def _timed(
        self,
        entry: Entry,
        original: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        wanted: list[tuple[Listener, Any]],
        noticed: float,
    ) -> Any:
        __tracebackhide__ = True
        loop: Any = _get_running_loop()
        thread = get_ident()
        self._inside.add(thread)
        delay, before, began = self._delay(), loop.time(), perf_counter()
        try:
            return original(*args, **kwargs)
        except TypeError:  # it was called wrongly, and has not even begun
            wanted = []
            raise
        finally:
            wall, moved = perf_counter() - began, loop.time() - before
            # Waiting for a processor is the machine's doing. The virtual clock cuts a sleep short, but moves by all.
            own_clock = type(loop).time is not BaseEventLoop.time
            seconds = max(0.0, wall - (self._delay() - delay), moved if own_clock else 0.0)
            self._inside.discard(thread)
            if entry is catalogue.IMPORT:
                self.watch()
            late, task = victims(loop), task_name(loop)
            for listener, want in wanted:
                listener.called(entry, want, (began, seconds), before, task, late)
            self._spent(perf_counter() - noticed - wall)


TIMED = Calls._timed.__code__  # a stack that is in here is in a call that will be reported by its name


def _never(*_: Any, **__: Any) -> bool:
    return False


def _will_not_wait(
    blocking: object = True,  # noqa: FBT002 - the lock's own signature
    timeout: float = _NO_TIMEOUT,
    *more: object,
    block: object = True,
    **others: object,
) -> bool:
    """`block` is what a lock of multiprocessing calls it; of what is none of these, the lock itself is to complain."""
    return bool(not blocking or not block or timeout == 0 or more or others)


def _guards_the_library(frame: FrameType) -> bool:
    while frame.f_code in _ENTERS_FOR_ITS_CALLER and frame.f_back is not None:
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names and frame.f_code not in _WAITS
