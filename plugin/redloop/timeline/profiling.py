"""Events from `sys.setprofile`, for Python 3.11: complete, at several times the cost of a plain switch."""

from __future__ import annotations

import dis
import inspect
import sys
from typing import TYPE_CHECKING, Any

from redloop.timeline.handles import RunHook, task_of
from redloop.timeline.waits import HANDED_OUT

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.timeline.handles import Run
    from redloop.timeline.strand import OpenSpan, Strand
    from redloop.timeline.strands import Strands

_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_BEGIN = dis.opmap["RESUME"]
_YIELD = dis.opmap["YIELD_VALUE"]
_LEAVES = (_YIELD, dis.opmap["RETURN_VALUE"])


class _Code:
    """What is known of a code object: whether it is the suite's own, and where its first step begins."""

    def __init__(self, code: CodeType, own: bool) -> None:  # noqa: FBT001
        self.code, self.own, self.instructions = code, own, code.co_code
        self.begin = 2 * self.instructions[::2].index(_BEGIN)


class Profiling:
    """Tells `strands` of every start, suspension and end of own coroutines in the steps of tasks.

    Only there: the loop itself makes most of the calls. Where a profiler is at work already, that one is left alone and
    there are no events.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool]) -> None:
        self._strands, self._is_own = strands, is_own
        self._codes: dict[int, _Code] = {}  # by identity: hashing a code object reads all of it
        self._hook = RunHook()
        self._copy: dict[str, Any] = {}  # a frame's copy of its local names, which would keep them alive
        self._thrown = 0, 0  # the async generator that was last thrown into where it had handed out a value, and there
        self._closing: set[int] = set()  # those that have been told to close
        self._unwound: list[OpenSpan] = []  # those that ended one after the other, by what was raised

    def start(self) -> None:
        """Begin to listen, at the next step of a task."""
        event = self._event

        def replacement(original: Run) -> Run:
            def _run(handle: Any) -> None:
                if task_of(handle) is None or sys.getprofile() is not None:
                    original(handle)
                    return
                sys.setprofile(event)
                try:
                    original(handle)
                finally:
                    if sys.getprofile() is event:
                        sys.setprofile(None)

            return _run

        self._hook.install(replacement)

    def stop(self) -> None:
        """Listen no more."""
        self._hook.uninstall()

    def _event(self, frame: FrameType, event: str, value: object) -> None:
        if self._copy:  # not in the event that made it: the interpreter writes it back into the frame after that
            self._copy.clear()
            self._copy = {}  # the interpreter fills the same one again for whoever asks next
        code = frame.f_code
        if not code.co_flags & _ASYNC or event not in {"call", "return"}:
            return
        known = self._codes.get(id(code))
        if known is None:
            known = self._codes[id(code)] = _Code(
                code, not code.co_name.startswith("<") and self._is_own(code.co_filename)
            )
        if not known.own:
            return
        key, strands = id(frame), self._strands
        if event == "return":
            strand = strands.on_stack.get(key)
            if strand is not None:
                instruction = known.instructions[frame.f_lasti]
                if instruction in _LEAVES and (value is not None or (key, frame.f_lasti) != self._thrown):
                    self._left(key, strand, instruction, value)
                else:
                    self._raised(key, strand)
            return
        self._unwound = []
        if frame.f_lasti <= known.begin:
            self._closing.discard(key)
            strands.started(key, frame, lambda: self._locals(frame))
            return
        if key not in strands.on_stack and known.instructions[frame.f_lasti] == _YIELD:
            self._throws(key, frame)
        strands.continued(key)

    def _throws(self, key: int, frame: FrameType) -> None:
        """An async generator that has handed out a value is not asked for the next, but thrown into."""
        self._thrown, caller = (key, frame.f_lasti), frame.f_back
        if caller is None or "athrow" not in caller.f_code.co_names:  # but `aclose`, or the loop after a `break`
            self._closing.add(key)

    def _locals(self, frame: FrameType) -> dict[str, Any]:
        self._copy = frame.f_locals
        return self._copy

    def _left(self, key: int, strand: Strand, instruction: int, value: object) -> None:
        strands = self._strands
        self._unwound = []
        if instruction == _YIELD:
            if type(value) is HANDED_OUT:
                strands.paused(key)
            else:
                if strand.since is not None and strand.stack[0] is strands.open[key]:
                    strands.reconsider(strand)  # the inner ones have said so; now the whole stack can be looked at
                strands.suspended(strand, value)
        else:
            strands.ended(key, "ok")

    def _raised(self, key: int, strand: Strand) -> None:
        """What was raised is out of a profiler's sight; the task will know, once it is over."""
        strands, task = self._strands, strand.task()
        self._unwound.append(strands.open[key])
        gone = key in self._closing or task is None or task.cancelling()
        strands.ended(key, "cancelled" if gone else "error")
        if task is not None and strand.outermost and not strand.stack:
            unwound, self._unwound = self._unwound, []

            def settle(task: asyncio.Task[Any]) -> None:
                for span in unwound:
                    span.outcome = "cancelled" if task.cancelled() else "error"

            task.add_done_callback(settle)
