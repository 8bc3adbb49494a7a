"""Events from the loop's own steps, for real suites on 3.11: no profiler, nothing woven into the suite's code.

Between two steps of a task its whole stack of awaits is suspended and can be read. What was not there after the step
before has begun meanwhile; what is gone has ended.
"""

from __future__ import annotations

import dis
import sys
import weakref
from functools import partial
from types import AsyncGeneratorType, CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.frames import local_names
from redloop.tasks import awaited_by
from redloop.timeline.handles import RunHook, task_of
from redloop.timeline.strands import UNSEEN
from redloop.timeline.waits import READY, is_self_contained

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.timeline.handles import Run
    from redloop.timeline.strand import OpenSpan, Outcome, Strand
    from redloop.timeline.strands import Strands

_RETURNS = {dis.opmap.get("RETURN_VALUE"), dis.opmap.get("RETURN_CONST")}
_BY_ITS_AWAIT_ONLY = 4
"""What `sys.getrefcount` says of a coroutine that nothing but the `await` on it holds, and two names of ours."""


class Steps:
    """Tells `strands` of the steps of tasks, and of the own coroutines that are suspended after each.

    A coroutine that a task awaits is seen from the first time that it is suspended, so one that never is has no span.
    It sees asyncio's loops, not uvloop's.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool]) -> None:
        self._strands, self._is_own = strands, is_own
        self._hook = RunHook()
        self._codes: dict[int, tuple[CodeType, bool, bool]] = {}  # by identity: hashing a code object reads all of it
        self._raised: dict[int, OpenSpan] = {}  # what an error left in this step, by its frame's identity

    def start(self) -> None:
        """Begin to listen."""
        self._hook.install(self._watching)

    def stop(self) -> None:
        """Listen no more."""
        self._hook.uninstall()
        self._codes.clear()
        self._raised.clear()

    def _watching(self, original: Run) -> Run:
        strands, undecided, strand_at = self._strands, self._strands.undecided, self._strands.by_task.get
        began, stands, over = self._began, self._stands, self._over

        def _run(handle: Any) -> None:
            task: Any = task_of(handle)
            if task is None or task.done():
                original(handle)
                return
            strand = strand_at(id(task))
            if strand is None or strand.task() is not task:
                strand = began(task)
            elif (since := strand.since) is not None:
                # At every switch of tasks, so the common case, `sleep(0)`, is decided in place; below, too.
                if strand.kind is READY and not undecided and strand.now() - since < UNSEEN:
                    strand.since = None
                else:
                    strands.resumed(strand)
            try:
                original(handle)
            finally:  # an error that ends the loop, too, goes on from here
                is_over = task.done()
                if is_over:
                    over(task)
            if not is_over and (strand := stands(task, strand)) is not None:
                value = task._fut_waiter  # noqa: SLF001
                if value is None and not undecided:
                    strand.kind = READY
                    strand.since = strand.now()
                else:
                    strands.suspended(strand, value)

        return _run

    def _began(self, task: asyncio.Task[Any]) -> Strand | None:
        coro: Any = task.get_coro()
        if type(coro) is CoroutineType and self._known(coro.cr_code)[1]:
            self._seen(coro, coro.cr_frame, task, None)
        return self._strands.by_task.get(id(task))

    def _stands(self, task: asyncio.Task[Any], strand: Strand | None) -> Strand | None:
        """Bring the open spans of a suspended task up to what it awaits now."""
        if self._raised:
            self._raised.clear()
        outer: Any = None
        while strand is not None and strand.stack:
            outer = strand.stack[-1].runs()  # it is alive, or its end would have been told
            if outer.cr_suspended if type(outer) is CoroutineType else outer.ag_running:
                break
            if type(outer) is AsyncGeneratorType and outer.ag_frame is not None:
                self._strands.paused(id(outer))
            else:
                self._strands.ended(id(outer), "ok")
            outer = None
        inner: Any = task.get_coro() if outer is None else awaited_by(outer)
        while inner is not None:
            if type(inner) is CoroutineType:
                _, own, dead_end = self._codes.get(id(inner.cr_code)) or self._known(inner.cr_code)
                if dead_end:
                    break
                if own and inner.cr_suspended:
                    self._seen(inner, inner.cr_frame, task, outer)
                    outer = inner
            elif type(inner) is AsyncGeneratorType and self._known(inner.ag_code)[1]:
                self._seen(inner, inner.ag_frame, task, outer)
                outer = inner
            inner = awaited_by(inner)
        return strand if strand is not None and strand.stack else self._strands.by_task.get(id(task))

    def _seen(self, coro: Any, frame: FrameType | None, task: asyncio.Task[Any], outer: Any) -> None:
        """A coroutine of the suite's is on a task's stack, and was not before; `outer` awaits it."""
        key, strands = id(coro), self._strands
        if key in strands.open:
            strands.continued(key, task)
        elif frame is not None:
            caller = None if outer is None else outer.cr_frame if type(outer) is CoroutineType else outer.ag_frame
            strands.started(key, frame, lambda: local_names(frame), task, caller)
            # Its frame tells how it ended. Whoever holds that holds its locals, too, but only from its end until it is
            # gone itself: at once, where nobody else holds it.
            told_by = frame if type(coro) is CoroutineType and sys.getrefcount(coro) == _BY_ITS_AWAIT_ONLY else None
            strands.open[key].runs = weakref.ref(coro, partial(self._gone, key, told_by))

    def _gone(self, key: int, frame: FrameType | None, _: object) -> None:
        span = self._strands.open.get(key)
        if span is None:
            return
        outcome: Outcome = "ok"
        if key in self._strands.on_stack and span.strand.since is not None:
            outcome = "cancelled"  # it never got to its end
        elif frame is not None and frame.f_code.co_code[frame.f_lasti] not in _RETURNS:
            self._raised[id(frame)] = span
            task = span.strand.task()
            outcome = "cancelled" if task is None or task.cancelling() else "error"
        self._strands.ended(key, outcome)

    def _over(self, task: Any) -> None:
        error = task._exception  # noqa: SLF001 - `exception()` would count as looking at it
        outcome: Outcome = "cancelled" if task.cancelled() else "error" if error else "ok"
        strand = self._strands.by_task.get(id(task))
        while strand is not None and strand.stack:
            self._strands.ended(id(strand.stack[-1].runs()), outcome)
        passed = error.__traceback__ if error else None
        while passed is not None:  # what left these is what the task ended with, though it was cancelled, too
            if (span := self._raised.get(id(passed.tb_frame))) is not None:
                span.outcome = outcome
            passed = passed.tb_next
        self._raised.clear()

    def _known(self, code: CodeType) -> tuple[CodeType, bool, bool]:
        """The code, whether it is the suite's, and whether nothing that it awaits can be."""
        known = self._codes.get(id(code))
        if known is None:
            own = not code.co_name.startswith("<") and self._is_own(code.co_filename)
            known = self._codes[id(code)] = code, own, not own and is_self_contained(code)
        return known
