"""Tasks made of somebody else's coroutine: `gather(asyncio.sleep(1), client.get(url))`."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.tasks import coroutine_of
from redloop.timeline.strand import INT_OR_STR, Strand
from redloop.timeline.waits import awaited_tasks, kind_of, local_names

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from redloop.timeline.strands import Strands


_KINDS = INT_OR_STR | {float}


class BareTasks:
    """Gives each such task a span, from when the suite's own code awaits it: a library's inner tasks have none.

    It waits, or queues, for as long as it lasts, by what its coroutine is.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool]) -> None:
        self._strands, self._is_own = strands, is_own
        self._open: set[int] = set()

    def awaited(self, by: asyncio.Task[Any], future: object) -> None:
        """A task of the suite's is suspended until `future` is done: a task, a gather, or what a group waits for."""
        for task in awaited_tasks(by.get_coro(), future):
            coro: Any = coroutine_of(task)
            if type(coro) is not CoroutineType or task.done():
                continue
            if id(coro.cr_code) in self._strands.muted or not self._is_own(coro.cr_code.co_filename):
                self._begin(task, coro, by)

    def _begin(self, task: asyncio.Task[Any], coro: Any, by: asyncio.Task[Any]) -> None:
        key, strands = -id(task), self._strands  # never a frame's or coroutine's identity
        if key in strands.open or strands.runs(task) or coro.cr_frame is None:
            return
        strand = Strand(task)
        name = strands.labels.label(coro.cr_code, lambda: local_names(coro.cr_frame), _KINDS)
        strands.begin(key, strand, name, strands.made_at(coro) or strands.stands_at(by))
        strand.since, strand.kind = strand.now(), kind_of(coro, self._is_own)
        self._open.add(key)
        task.add_done_callback(self._end)

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
