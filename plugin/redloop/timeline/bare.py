"""Tasks made of somebody else's coroutine: `gather(asyncio.sleep(1), client.get(url))`."""

from __future__ import annotations

import asyncio
import sys
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.frames import local_names
from redloop.tasks import coroutine_of
from redloop.timeline import making
from redloop.timeline.strand import INT_OR_STR, Strand
from redloop.timeline.waits import awaited_tasks, kind_of, makes_tasks_of_its_own
from redloop.whose import ASYNCIO, OURS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from redloop.timeline.strands import Strands


_KINDS = INT_OR_STR | {float}


class BareTasks:
    """Gives each such task a span that the suite's own code makes, or awaits: a library's inner tasks have none.

    It waits, or queues, for as long as it lasts, by what its coroutine is.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool]) -> None:
        self._strands, self._is_own = strands, is_own
        self._open: set[int] = set()
        self._own: dict[int, CodeType] = {}  # of tasks that have spans anyhow; by identity: to hash one reads all of it

    def watch(self) -> None:
        """Look at every task that is made from now on."""
        making.listen(self._made)

    def unwatch(self) -> None:
        """Look at those only that are awaited."""
        making.ignore(self._made)

    def _made(self, task: asyncio.Task[Any]) -> None:
        coro: Any = task.get_coro()
        if type(coro) is CoroutineType and id(coro.cr_code) not in self._own:
            self._look(task, coro)

    def _look(self, task: asyncio.Task[Any], coro: Any) -> None:
        if self._is_own(coro.cr_code.co_filename):
            self._own[id(coro.cr_code)] = coro.cr_code
            return
        strands, maker = self._strands, asyncio.current_task(task.get_loop())
        if maker is None or not strands.runs(maker):
            return
        place = self._makes(sys._getframe(1))  # noqa: SLF001 - no public name gives the caller's frame at this price
        if place is None:
            return
        strand = self._begin(task, coro, place)
        if strand is not None and not coro.cr_suspended:  # an eager one has made its first step
            strand.since = None
            strands.undecided.append(strand)  # until this step is over, and its first one comes

    def _makes(self, frame: FrameType | None) -> tuple[str, int] | None:
        """The line that makes a task, if that is the suite's: between the two stand asyncio's lines, and ours."""
        while frame is not None and frame.f_code.co_filename.startswith((ASYNCIO, OURS)):
            if makes_tasks_of_its_own(frame.f_code):
                return None
            frame = frame.f_back
        if frame is None or not self._is_own(frame.f_code.co_filename):
            return None
        return frame.f_code.co_filename, frame.f_lineno or frame.f_code.co_firstlineno

    def clear(self) -> None:
        """Let go of the code that was seen."""
        self._own.clear()

    def awaited(self, by: asyncio.Task[Any], future: object) -> None:
        """A task of the suite's is suspended until `future` is done: a task, a gather, or what a group waits for."""
        for task in awaited_tasks(by.get_coro(), future):
            coro: Any = coroutine_of(task)
            if type(coro) is not CoroutineType or task.done():
                continue
            if id(coro.cr_code) in self._strands.muted or not self._is_own(coro.cr_code.co_filename):
                self._begin(task, coro, self._strands.stands_at(by))

    def _begin(self, task: asyncio.Task[Any], coro: Any, place: tuple[str, int]) -> Strand | None:
        key, strands = -id(task), self._strands  # never a frame's or coroutine's identity
        if (known := strands.open.get(key)) is not None:
            if known.strand.task() is task:
                return None
            strands.ended(key, "cancelled")  # its end was missed, and its identity is used again
        if strands.runs(task) or coro.cr_frame is None:
            return None
        strand = Strand(task)
        name = strands.labels.label(coro.cr_code, lambda: local_names(coro.cr_frame), _KINDS)
        strands.begin(key, strand, name, strands.made_at(coro) or place)
        strand.since, strand.kind = strand.now(), kind_of(coro, self._is_own)
        self._open.add(key)
        task.add_done_callback(self._end)
        return strand

    def _end(self, task: asyncio.Task[Any]) -> None:
        key = -id(task)
        if key in self._open:
            self._open.discard(key)
            error = task._exception  # noqa: SLF001 - `exception()` would count as looking at it
            self._strands.ended(key, "cancelled" if task.cancelled() else "error" if error else "ok")

    def forget(self, strand: Strand) -> None:
        """The suite's own code runs in this task after all, and has spans of its own."""
        key = -id(strand.task())
        if key in self._open:
            self._open.discard(key)
            self._strands.drop(key)
