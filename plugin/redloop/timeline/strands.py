"""Spans in the making: what a source of events (start, suspend, resume, end) says, put together task by task.

A strand is one task's stack of open spans. When a task is suspended, its innermost span waits or queues; the spans
outside that one queue for what they await.
"""

from __future__ import annotations

import asyncio
import sys
import time
import weakref
from array import array
from typing import TYPE_CHECKING, Any, Literal

from redloop.timeline.waits import QUEUES, READY, UNDECIDED, WAITS, classify, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType, FrameType

    from redloop.timeline.waits import Kind

    Outcome = Literal["ok", "error", "cancelled", "leaked", "running"]

UNSEEN = 0.0005
"""Seconds: a task that gave way by `sleep(0)` and got its turn back sooner than this went on running, to the eye."""
MANY_SPANS = 10_000
"""So many finished spans are kept whatever they were; beyond that, only those that waited or queued."""
MANY_UNDECIDED = 16
"""So many bare futures are looked after at a time; more of them at once are taken for I/O."""
MANY_INTERVALS = 2_048
"""A span with more waits than this has neighbours of them put together."""


LONGEST = 24
"""So many characters of an argument are shown."""


class OpenSpan:
    """A coroutine that has started. Positions, names and numbers only, also once it has ended."""

    __slots__ = ("end", "filename", "lineno", "name", "number", "outcome", "queues", "start", "strand", "waits")

    def __init__(self, strand: Strand, name: str, place: tuple[str, int], number: int) -> None:
        self.strand, self.number = strand, number
        self.name, (self.filename, self.lineno) = name, place
        self.start = self.end = strand.now()
        self.outcome: Outcome = "running"
        self.waits = array("d")  # begin, end, begin, end, …: no object each, and nothing for the garbage collector
        self.queues = array("d")

    def so_far(self, now: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Its waits and queues, with those that are still going on `now`."""
        strand, waits, queues = self.strand, pairs(self.waits), pairs(self.queues)
        if self in strand.stack:
            *_, inner = strand.stack
            if inner is not self:
                queues.append((strand.stack[strand.stack.index(self) + 1].start, now))
            elif strand.since is not None and strand.kind is not READY:
                (queues if strand.kind is QUEUES else waits).append((strand.since, now))
        return waits, queues


class Strand:
    """One task, by its name and a weak reference, and its open spans, outermost first."""

    __slots__ = ("future", "kind", "loop", "now", "outermost", "since", "stack", "task", "task_name")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        loop = task.get_loop()
        self.task, self.task_name, self.loop = weakref.ref(task), task.get_name(), id(loop)
        self.now: Callable[[], float] = loop.time
        if getattr(type(loop), "time", None) is asyncio.BaseEventLoop.time:
            self.now = time.monotonic  # what that method calls
        self.stack: list[OpenSpan] = []
        self.outermost = False  # whether the task's own coroutine is the suite's, and not one that awaits it
        self.since: float | None = None  # loop time at which it was suspended; None while it runs
        self.kind: Kind = READY
        self.future: weakref.ref[Any] | None = None  # what it waits for, while that is undecided


class Strands:
    """All open spans, by the identity of what runs them (a frame), and the finished ones."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self.open: dict[int, OpenSpan] = {}
        self.on_stack: dict[int, Strand] = {}  # those of them that are on a strand's stack
        self.finished: list[OpenSpan] = []
        self._strands: dict[int, Strand] = {}
        self.undecided: list[Strand] = []
        self.count = 0

    def started(
        self, key: int, frame: FrameType, names: Callable[[], Mapping[str, Any]], task: asyncio.Task[Any] | None = None
    ) -> Strand | None:
        """A coroutine begins, in `task` or the one that runs now; `names` gives its arguments. None outside a task."""
        strand = self._of(task) if task is not None else self._current()
        if strand is None:
            return None
        if key in self.open:
            self.ended(key, "cancelled")  # its end was missed, and its identity is used again
        if strand.since is not None:
            self.resumed(strand)
        elif self.undecided and not strand.stack:
            self._decide(by_a_task=False)
        code = frame.f_code
        if strand.stack:
            place = self._awaited_at(frame.f_back)
        else:
            coro: Any = strand.task().get_coro()  # type: ignore[union-attr]  # it is running
            strand.outermost = getattr(coro, "cr_frame", None) is frame
            place = self._made_at(coro) if strand.outermost else None
        place = place or (code.co_filename, code.co_firstlineno)
        span = OpenSpan(strand, label(code, names), place, self.count)
        self.count += 1
        strand.stack.append(span)
        self.open[key] = span
        self.on_stack[key] = strand
        return strand

    def suspended(self, strand: Strand, value: object) -> None:
        """A task gives way; `value` is what it handed to its loop: the future that it waits for, or None."""
        if self.undecided:
            self._decide(by_a_task=True)
        if strand.since is not None:
            return
        strand.since = strand.now()
        if value is None:
            strand.kind = READY
            return
        strand.kind = classify(value)
        if strand.kind is UNDECIDED and (task := strand.task()) is not None:
            if strand.outermost:  # the stack below it is suspended by now
                strand.kind = look(task.get_coro(), value)
            if strand.kind is UNDECIDED and len(self.undecided) < MANY_UNDECIDED:
                strand.future = weakref.ref(value)
                self.undecided.append(strand)

    def resumed(self, strand: Strand) -> None:
        """A task goes on."""
        if self.undecided:
            self._decide(by_a_task=False)
        since, strand.since = strand.since, None
        if since is None or not strand.stack:
            return
        now, kind, span = strand.now(), strand.kind, strand.stack[-1]
        if kind is WAITS or kind is UNDECIDED:
            _add(span.waits, since, now)
        elif kind is QUEUES or now - since >= UNSEEN:
            _add(span.queues, since, now)

    def ended(self, key: int, outcome: Outcome) -> None:
        """A coroutine is over."""
        span = self.open.pop(key, None)
        if span is None:
            return
        strand = span.strand
        if strand.since is not None:
            self.resumed(strand)
        elif self.undecided:
            self._decide(by_a_task=True)
        span.end, span.outcome = strand.now(), outcome
        self._off_stack(key, span)
        seen = span.waits or span.queues
        if strand.stack and (seen or span.end - span.start >= UNSEEN):
            _add(strand.stack[-1].queues, span.start, span.end)
        if seen or len(self.finished) < MANY_SPANS:
            self.finished.append(span)

    def paused(self, key: int) -> None:
        """An async generator handed out a value: it is off its task's stack until it is asked for the next."""
        self._off_stack(key, self.open[key])

    def continued(self, key: int) -> None:
        """A coroutine goes on, or an async generator, which may be in another task than before."""
        span = self.open.get(key)
        if span is None:
            return
        if key not in self.on_stack:
            strand = self.on_stack[key] = span.strand = self._current() or span.strand
            strand.stack.append(span)
        if span.strand.since is not None:
            self.resumed(span.strand)

    def _off_stack(self, key: int, span: OpenSpan) -> None:
        strand = self.on_stack.pop(key, None)
        if strand is None:
            return
        if strand.stack[-1] is span:
            strand.stack.pop()
        else:  # it is closed from outside
            strand.stack.remove(span)
        if not strand.stack:
            task = strand.task()
            strand.now = strand.now().__float__  # what is finished must not keep its loop
            if self._strands.get(id(task)) is strand:
                del self._strands[id(task)]

    def close_lost(self) -> None:
        """End the spans whose task is gone without our having seen its end."""
        for key, span in list(self.open.items()):
            if span.strand.task() is None:
                self.ended(key, "cancelled")

    def __iter__(self) -> Iterator[OpenSpan]:
        yield from self.finished
        yield from self.open.values()

    def _awaited_at(self, frame: FrameType | None) -> tuple[str, int] | None:
        while frame is not None:
            if self._is_own(frame.f_code.co_filename):
                return frame.f_code.co_filename, frame.f_lineno or frame.f_code.co_firstlineno
            frame = frame.f_back
        return None

    def _made_at(self, coro: Any) -> tuple[str, int] | None:
        """The line that called a task's coroutine function, where the interpreter was asked to track that."""
        if not coro.cr_origin:
            return None
        filename, lineno, _ = coro.cr_origin[0]
        return (filename, lineno) if self._is_own(filename) else None

    def _current(self) -> Strand | None:
        try:
            task = asyncio.current_task()
        except RuntimeError:
            return None
        return None if task is None else self._of(task)

    def _of(self, task: asyncio.Task[Any]) -> Strand:
        strand = self._strands.get(id(task))
        if strand is None or strand.task() is not task:
            strand = self._strands[id(task)] = Strand(task)
        return strand

    def _decide(self, *, by_a_task: bool) -> None:
        """Whoever resolves a bare future says what waiting for it was: a task's step is over, or one begins."""
        for strand in list(self.undecided):
            future = strand.future() if strand.future is not None else None
            if not strand.outermost and (task := strand.task()) is not None and not task.done():
                coro: Any = task.get_coro()
                if not getattr(coro, "cr_running", False):  # else its stack cannot be seen
                    strand.kind = look(coro, future)
            if strand.kind is not UNDECIDED:
                self.undecided.remove(strand)
            elif future is None or future.done():
                strand.kind = QUEUES if by_a_task and future is not None and not future.cancelled() else WAITS
                strand.future = None
                self.undecided.remove(strand)


def pairs(times: array[float]) -> list[tuple[float, float]]:
    """Intervals, from their ends in a row."""
    return list(zip(times[::2], times[1::2], strict=True))


def _add(times: array[float], start: float, end: float) -> None:
    """Append an interval; one that begins where the last one ended makes it longer."""
    if times and times[-1] == start:
        times[-1] = end
    elif end > start:
        times.append(start)
        times.append(end)
        if len(times) > 2 * MANY_INTERVALS:
            times[:] = array("d", _together(times))


def _together(times: array[float]) -> Iterator[float]:
    """Neighbouring intervals put together, each as long as its members in all, so that sums stay what they were."""
    for i in range(0, len(times), 32):
        some = times[i : i + 32]
        yield some[0]
        yield some[0] + (sum(some[1::2]) - sum(some[::2]))


def label(code: CodeType, names: Callable[[], Mapping[str, Any]]) -> str:
    """A coroutine's name, with its first int or str argument where it has one: `fetch('users')`."""
    name = code.co_name
    if name.startswith("__"):
        name = code.co_qualname.rpartition("<locals>.")[2]
    count = code.co_argcount + code.co_kwonlyargcount
    if not count or (count == 1 and code.co_varnames[0] in {"self", "cls"}):
        return name
    values = names()
    for argument in code.co_varnames[:count]:
        value = values.get(argument)
        if type(value) is int or type(value) is str:
            said = repr(value)
            return f"{name}({said if len(said) <= LONGEST else said[: LONGEST - 2] + '…' + said[-1]})"
    return name


def arguments(frame: Any) -> dict[str, Any]:
    """A coroutine's local names. Before 3.13 reading them leaves a copy in the frame, which would keep them alive."""
    values = dict(frame.f_locals)
    if sys.version_info < (3, 13):
        frame.f_locals.clear()
    return values
