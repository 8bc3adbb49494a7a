"""Spans in the making: what a source of events (start, suspend, resume, end) says, put together task by task.

A strand is one task's stack of open spans. When a task is suspended, its innermost span waits or queues; the spans
outside that one queue for what they await.
"""

from __future__ import annotations

import asyncio
import weakref
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.timeline.bare import BareTasks
from redloop.timeline.strand import EndedSpan, Labels, OpenSpan, Strand, add
from redloop.timeline.waits import QUEUES, READY, UNDECIDED, WAITS, classify, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

    from redloop.timeline.strand import Outcome, Packed

UNSEEN = 0.0005
"""Seconds: a task that gave way by `sleep(0)` and got its turn back sooner than this went on running, to the eye."""
MANY_SPANS = 10_000
"""So many finished spans are kept whatever they were; beyond that, only those that waited or queued."""
MANY_OBJECTS, FEW_OBJECTS = 500, 100
"""When so many spans have ended, all but the last few are kept in a form that costs the garbage collector nothing."""
MANY_UNDECIDED = 16
"""So many bare futures are looked after at a time; more of them at once are taken for I/O."""


class Strands:
    """All open spans, by the identity of what runs them (a frame), and the finished ones."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self.open: dict[int, OpenSpan] = {}
        self.on_stack: dict[int, Strand] = {}  # those of them that are on a strand's stack
        self._finished: list[OpenSpan] = []  # of late
        self._packed: list[Packed] = []  # before those
        self.by_task: dict[int, Strand] = {}  # those with a span on their stack, by their task's identity
        self.undecided: list[Strand] = []
        self.count = 0
        self.labels = Labels()
        self.muted: set[int] = set()
        """The identities of own code whose coroutines are passed over from now on."""
        self.bare = BareTasks(self, is_own)

    def started(
        self,
        key: int,
        frame: FrameType,
        names: Callable[[], Mapping[str, Any]],
        task: asyncio.Task[Any] | None = None,
        caller: FrameType | None = None,
    ) -> Strand | None:
        """A coroutine begins, in `task` or the one that runs now; `names` gives its arguments. None outside a task.

        `caller` is the frame that awaits it, where that is not its `f_back`.
        """
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
            place = self._awaited_at(caller or frame.f_back)
        else:
            self.bare.forget(strand)
            coro: Any = strand.task().get_coro()  # type: ignore[union-attr]  # it is running
            strand.outermost = getattr(coro, "cr_frame", None) is frame
            place = self.made_at(coro) if strand.outermost else None
            strand.coro = weakref.ref(coro) if strand.outermost else None
        self.begin(key, strand, self.labels.label(code, names), place or (code.co_filename, code.co_firstlineno))
        return strand

    def begin(self, key: int, strand: Strand, name: str, place: tuple[str, int]) -> None:
        """Open a span, the innermost of its strand."""
        span = OpenSpan(strand, name, place, self.count)
        self.count += 1
        strand.stack.append(span)
        self.open[key] = span
        self.on_stack[key] = strand

    def drop(self, key: int) -> None:
        """Take a span for one that never was."""
        span = self.open.pop(key)
        self._off_stack(key, span, span.start, seen=False)

    def runs(self, task: asyncio.Task[Any]) -> bool:
        """Whether a task has open spans of the suite's own."""
        strand = self.by_task.get(id(task))
        return strand is not None and strand.task() is task

    def suspended(self, strand: Strand, value: object) -> None:
        """A task gives way; `value` is what it handed to its loop: the future that it waits for, or None."""
        if self.undecided:
            self._decide(by_a_task=True)
        if strand.since is not None:
            return
        strand.since, task = strand.now(), strand.task()
        if value is None or task is None:
            strand.kind = READY
            return
        coro: Any = task.get_coro()
        runs = getattr(coro, "cr_running", False)  # its `cr_await` then reads what is no stack: 3.12 crashes
        strand.kind = kind = classify(value) if runs else look(coro, value)
        if kind is UNDECIDED and len(self.undecided) < MANY_UNDECIDED:
            strand.future = weakref.ref(value)
            self.undecided.append(strand)
        elif kind is QUEUES and not runs:
            self.bare.awaited(task, value)

    def reconsider(self, strand: Strand) -> None:
        """Forget what a suspended task was taken to wait for: more can be seen of it now."""
        strand.since = None
        if strand in self.undecided:
            self.undecided.remove(strand)

    def resumed(self, strand: Strand) -> None:
        """A task goes on."""
        if self.undecided:
            self._decide(by_a_task=False)
        since, strand.since = strand.since, None
        if since is None or not strand.stack:
            return
        now, kind, span = strand.now(), strand.kind, strand.stack[-1]
        if kind is WAITS or kind is UNDECIDED:
            span.waits = add(span.waits, since, now)
        elif kind is QUEUES or now - since >= UNSEEN:
            span.queues = add(span.queues, since, now)

    def ended(self, key: int, outcome: Outcome) -> bool | None:
        """A coroutine is over. Whether there was anything to see of it; None where its start had not been seen."""
        span = self.open.pop(key, None)
        if span is None:
            return None
        strand = span.strand
        if strand.since is not None:
            self.resumed(strand)
        elif self.undecided:
            self._decide(by_a_task=True)
        span.end = now = strand.now()
        span.outcome, span.runs = outcome, None
        seen = bool(span.waits or span.queues) or now - span.start >= UNSEEN
        self._off_stack(key, span, now, seen=seen)
        if seen or len(self._packed) < MANY_SPANS:
            self._finished.append(span)
            if len(self._finished) >= MANY_OBJECTS:
                self._pack()
        return seen

    def _pack(self) -> None:
        """Spans are objects of objects: thousands of them make collecting garbage take so long that it is a stall."""
        older = self._finished[:-FEW_OBJECTS]  # a source may have a word to say of the last
        self._packed += (span.packed() for span in older)
        del self._finished[:-FEW_OBJECTS]

    def forget_finished(self) -> None:
        """Begin anew."""
        self._finished.clear()
        self._packed.clear()

    def paused(self, key: int) -> None:
        """An async generator handed out a value: it is off its task's stack until it is asked for the next."""
        span = self.open[key]
        now = span.strand.now()
        self._off_stack(key, span, now, seen=now - span.entered >= UNSEEN)

    def continued(self, key: int, task: asyncio.Task[Any] | None = None) -> None:
        """A coroutine goes on, or an async generator, which may be in another task than before.

        That is `task`, or the one that runs now.
        """
        span = self.open.get(key)
        if span is None:
            return
        if key not in self.on_stack:
            strand = self._current() if task is None else self._of(task)
            strand = self.on_stack[key] = span.strand = strand or span.strand
            span.entered = strand.now()
            strand.stack.append(span)
        if span.strand.since is not None:
            self.resumed(span.strand)

    def _off_stack(self, key: int, span: OpenSpan, now: float, *, seen: bool) -> None:
        """Whoever awaited it stood behind it meanwhile, if there was something to see."""
        strand = self.on_stack.pop(key, None)
        if strand is None:
            return
        stack = strand.stack
        if stack[-1] is span:
            stack.pop()
        else:  # it is closed from outside
            stack.remove(span)
        if stack:
            if seen:
                outer = stack[-1]
                outer.queues = add(outer.queues, span.entered, now)
        else:
            task = strand.task()
            strand.now = strand.now().__float__  # what is finished must not keep its loop
            if self.by_task.get(id(task)) is strand:
                del self.by_task[id(task)]

    def abandon(self) -> None:
        """Know nothing any more of what has not ended: other events come from now on, by other keys."""
        self.open.clear()
        self.on_stack.clear()
        self.by_task.clear()
        self.undecided.clear()

    def close_lost(self) -> None:
        """End the spans whose task is gone without our having seen its end."""
        for key, span in list(self.open.items()):
            if span.strand.task() is None:
                self.ended(key, "cancelled")

    def __iter__(self) -> Iterator[OpenSpan | EndedSpan]:
        yield from map(EndedSpan._make, self._packed)
        yield from self._finished
        yield from self.open.values()

    def _awaited_at(self, frame: FrameType | None) -> tuple[str, int] | None:
        while frame is not None:
            if self._is_own(frame.f_code.co_filename):
                return frame.f_code.co_filename, frame.f_lineno or frame.f_code.co_firstlineno
            frame = frame.f_back
        return None

    def stands_at(self, task: asyncio.Task[Any]) -> tuple[str, int]:
        """The innermost line of the suite's at which a suspended task is."""
        coro: Any = task.get_coro()
        place = "?", 0
        while type(coro) is CoroutineType:
            if coro.cr_frame is not None and self._is_own(coro.cr_code.co_filename):
                place = coro.cr_code.co_filename, coro.cr_frame.f_lineno or coro.cr_code.co_firstlineno
            coro = coro.cr_await
        return place

    def made_at(self, coro: Any) -> tuple[str, int] | None:
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
        strand = self.by_task.get(id(task))
        if strand is None or strand.task() is not task:
            strand = self.by_task[id(task)] = Strand(task)
        return strand

    def _decide(self, *, by_a_task: bool) -> None:
        """Whoever resolves a bare future says what waiting for it was: a task's step is over, or one begins."""
        for strand in list(self.undecided):
            if strand.since is None and strand.kind is not UNDECIDED:  # `BareTasks` made it; its first step is next
                strand.stack[0].start = strand.since = strand.now()
                self.undecided.remove(strand)
                continue
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
