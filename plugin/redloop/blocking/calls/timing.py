# ruff: noqa: SLF001 - frames are what this is about
"""Calls by name: while a loop runs, each callable of the catalogue is replaced by one that times it.

Patching, not `sys.monitoring`: it needs no tool id, works the same from 3.11 on, sees calls that C code makes (`map`,
`with lock:`, iterating over a file), is not blind to a call site that first saw something harmless, and has the
arguments, without which a non-blocking `acquire` cannot be told from a blocking one.
"""

from __future__ import annotations

import linecache
import sys
from asyncio import BaseEventLoop, _get_running_loop
from functools import partial, wraps
from threading import get_ident
from time import thread_time
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any, Protocol

from redloop.blocking.calls import catalogue, contention, harmless, iteration, loops_own
from redloop.blocking.calls.builtins import Builtin
from redloop.blocking.calls.replacements import Replacements
from redloop.blocking.calls.sites import Sites
from redloop.blocking.lines.places import RUN_ONCE
from redloop.blocking.unseen import unseen
from redloop.blocking.victims import task_name, victims
from redloop.real_time import perf_counter
from redloop.threads import on_a_processor, read_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.blocking.calls.catalogue import Entry
    from redloop.blocking.calls.sites import Site
    from redloop.blocking.lines.hindsight import Trace


_LINECACHE = vars(linecache)
_SHORT = 0.001  # seconds: to ask the kernel what the machine took of it is dearer than most calls
_A_FEW = 3  # calls, after which it is known whether those of a place are short


class _Inside:
    """What goes on inside of a reported call, in seconds: calls told by themselves, and our noting of calls."""

    __slots__ = ("calls", "noting")

    def __init__(self) -> None:
        self.calls = self.noting = 0.0


class Listener(Protocol):
    """Who is told of a call."""

    def wants(self, entry: Entry, stack: Trace) -> Any:
        """Return what `called` needs to know about the caller, or None when this call is not to be reported."""

    def blames(self, code: CodeType) -> bool:
        """Whether `wants` may say anything of a call that this code makes, unless it is an import."""

    def called(
        self, entry: Entry, wanted: Any, span: tuple[float, float], at: float, task: str, victims: tuple[str, ...]
    ) -> None:
        """Take note of a call that has ended.

        `span` is when it began, a `time.perf_counter()`, and its seconds; `at` is when it began in loop time.
        """


class Calls:
    """The catalogue's callables, watched from `watch()` to `release()`; `time.sleep` only to the next `pause()`."""

    def __init__(
        self,
        listeners: Callable[[], tuple[Listener, ...]],
        delay: Callable[[], float],
        spent: Callable[[float], None],
        imported: Callable[[], None],
    ) -> None:
        """`spent(seconds)` is told what it took to note a call: that is not the suite's doing.

        `imported()`, on whatever thread, that there are modules in which nothing is watched yet.
        """
        self._delay, self._spent, self._imported = delay, spent, imported
        self._sites = Sites(listeners, type(self)._timed.__code__)
        self._inside: dict[int, _Inside] = {}  # threads that are in a reported call
        self._passed_over: set[int] = set()  # threads on which no call is to be reported
        self._flushing: dict[int, Entry] = {}  # threads that flush or close a file, and the entry of that
        self._importing: set[int] = set()  # threads that import something
        self._replacements = Replacements(self._wrap, self._pass_over)
        self.watch, self.pause = self._replacements.watch, self._replacements.pause
        self.release = self._replacements.release
        self.forget = self._sites.clear
        """To be called when the listeners are others."""

    def watch_what_was_imported(self) -> None:
        """Replace what is new, if a loop runs."""
        if self._replacements.misses_a_module():
            self.watch()

    def _wrap(self, entry: Entry, owner: Any, original: Any) -> Any:
        """Make what stands in for `original`. It is on hot paths: what is harmless must be out of it at once."""
        if entry.mutex:
            return contention.wrap(entry, owner, original, self._call)
        special: dict[Callable[[Entry, Any], Any], bool] = {
            self._wrap_import: entry is catalogue.IMPORT,
            self._wrap_flushing: entry.flushes,
            partial(loops_own.wrap_select, report=self._call): entry.module == "selectors",
            partial(loops_own.wrap_poll, report=self._call): entry.call == "select.epoll.poll",
            partial(loops_own.wrap_socket, report=self._call): entry.call in catalogue.OF_THE_LOOP,
            self._wrap_next: entry.call == "sqlite3.Cursor.__next__",
        }
        wrap = next((wrap for wrap, applies in special.items() if applies), self._wrap_plain)
        return wrap(entry, original)

    def _wrap_next(self, entry: Entry, original: Any) -> Any:
        return iteration.wrap(entry, original, (self._inside, self._passed_over), self._call, self._note)

    def _wrap_plain(self, entry: Entry, original: Any) -> Any:
        returns_at_once = entry.harmless or harmless.never
        if isinstance(original, BuiltinFunctionType):
            return Builtin(entry, original, returns_at_once, self._call)
        sites = self._sites

        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if _get_running_loop() is None:
                return original(*args, **kwargs)
            caller = sys._getframe(1)
            if id(caller.f_code) in sites.nobodys or not harmless.may_wait(returns_at_once, args, kwargs):
                return original(*args, **kwargs)
            return self._call(caller, entry, original, args, kwargs)

        return unseen(call)

    def _wrap_import(self, entry: Entry, original: Any) -> Any:
        """Whoever imports something, on whatever thread: what is in it is watched from then on."""

        @wraps(original)
        def call(name: str, *args: Any) -> Any:
            __tracebackhide__ = True
            thread = get_ident()
            outermost = thread not in self._importing
            self._importing.add(thread)
            try:
                if _get_running_loop() is None or harmless.imported(name):
                    return original(name, *args)
                return self._call(sys._getframe(1), entry, original, (name, *args), {})
            finally:
                if outermost:
                    self._importing.discard(thread)
                    if self._replacements.misses_a_module():
                        began = perf_counter()
                        self._imported()
                        self._spent(perf_counter() - began)

        return unseen(call)

    def _wrap_flushing(self, entry: Entry, original: Any) -> Any:
        """Closing a file, at the end of a `with`, say, writes what is in its buffer: it waits if there is something."""
        returns_at_once = entry.harmless or harmless.never

        @wraps(original)
        def call(file: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            thread = get_ident()
            if _get_running_loop() is None or thread in self._flushing:  # closing one flushes it
                return original(file, *args, **kwargs)
            try:
                waits = not returns_at_once(file)
            except ValueError:  # it was detached
                waits = False
            if not waits:
                return original(file, *args, **kwargs)
            self._flushing[thread] = entry
            try:
                return original(file, *args, **kwargs)
            finally:
                del self._flushing[thread]

        return unseen(call)

    def _pass_over(self, original: Any) -> Any:
        """What prints a traceback from C has no frame, and what it reads would be its caller's."""

        @wraps(original)
        def call(*args: Any) -> Any:
            __tracebackhide__ = True
            thread = get_ident()
            if thread in self._passed_over:
                return original(*args)
            self._passed_over.add(thread)
            try:
                return original(*args)
            finally:
                self._passed_over.discard(thread)

        return unseen(call)

    @unseen
    def _call(
        self, caller: FrameType, entry: Entry, original: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        thread = get_ident()
        if thread in self._flushing and entry.call == catalogue.RAW_WRITE.call:
            if entry is not catalogue.RAW_WRITE:  # from one buffer to the next
                return original(*args, **kwargs)
            entry = self._flushing[thread]
        if (
            thread in self._passed_over
            or caller.f_code is RUN_ONCE  # the loop's own wait for I/O: a loop of which we did not see the start
            or caller.f_globals is _LINECACHE  # asyncio's debug mode has it look at each file of each handle's stack
        ):
            return original(*args, **kwargs)
        noticed = perf_counter()
        site = self._sites.at(caller, entry, original)
        if site.wanted:
            return self._timed(site, entry, original, args, kwargs, noticed)
        took = (perf_counter() - noticed) * site.edges
        self._spent(took)
        if (around := self._inside.get(thread)) is not None:
            around.noting += took
        return original(*args, **kwargs)

    def _note(self, caller: FrameType, entry: Entry, original: Any, seconds: float) -> None:
        """Tell of what has just ended."""
        loop: Any = _get_running_loop()
        noticed = perf_counter()
        for listener, want in self._sites.at(caller, entry, original).wanted:
            span, at = (noticed - seconds, seconds), loop.time() - seconds
            listener.called(entry, want, span, at, task_name(loop), victims(loop))
        self._spent(perf_counter() - noticed)

    @unseen
    def _timed(
        self,
        site: Site,
        entry: Entry,
        original: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        noticed: float,
    ) -> Any:
        __tracebackhide__ = True
        loop: Any = _get_running_loop()
        thread, wanted = get_ident(), site.wanted
        is_short = site.count >= _A_FEW and site.lately < _SHORT  # in all likelihood
        outer, inside = self._inside.get(thread), _Inside()
        self._inside[thread] = inside
        is_outermost_import = entry is catalogue.IMPORT and thread not in self._passed_over
        if is_outermost_import:  # what a module does as it is imported is part of that
            self._passed_over.add(thread)
        before, computed = loop.time(), 0.0 if is_short else thread_time()
        delay, began = (0.0, perf_counter()) if is_short else read_at(self._delay)
        try:
            return original(*args, **kwargs)
        except TypeError:
            if perf_counter() - began < _SHORT:  # it was called wrongly, and has not even begun
                wanted = ()
            raise
        finally:
            wall, moved = perf_counter() - began, loop.time() - before
            # Waiting for a processor is the machine's doing. The virtual clock cuts a sleep short, but moves by all.
            waited, noting = 0.0, inside.noting
            if wall > _SHORT and not is_short:
                delay_by_now, ended = read_at(self._delay)
                waited, wall = delay_by_now - delay, ended - began
                noting = on_a_processor(noting, thread_time() - computed, waited)
            own_clock = type(loop).time is not BaseEventLoop.time
            whole = max(_slept(entry, args, wall), wall - waited - noting, moved if own_clock else 0.0)
            seconds = max(0.0, whole - inside.calls)
            if outer is None:
                self._inside.pop(thread, None)  # a forked child may be another thread
            else:
                self._inside[thread] = outer
                outer.calls += whole
            if is_outermost_import:
                self._passed_over.discard(thread)
            late = () if is_short and wall < _SHORT else victims(loop)
            task = task_name(loop)
            site.count += 1
            site.lately = max(wall, site.lately / 2)
            for listener, want in wanted:
                listener.called(entry, want, (began, seconds), before, task, late)
            took = (perf_counter() - noticed - wall) * site.edges
            self._spent(took)
            if outer is not None:
                outer.noting += took + inside.noting


TIMED = Calls._timed.__code__  # a stack that is in here is in a call that will be reported by its name


def _slept(entry: Entry, args: tuple[Any, ...], wall: float) -> float:
    """For how long `time.sleep` surely slept: as long as it was asked to, whatever the kernel takes that for."""
    asked = args[0] if entry is catalogue.SLEEP and len(args) == 1 else 0.0
    return min(wall, asked) if type(asked) in (int, float) else 0.0
