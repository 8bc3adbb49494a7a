"""Events from the loop's own steps, for real suites on 3.11: a span for each task, none for nested coroutines."""

from __future__ import annotations

import asyncio
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.timeline.waits import local_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from redloop.timeline.strands import Strands


class Steps:
    """Tells `strands` of the first, last and every other step of tasks whose coroutine is the suite's own.

    It replaces `asyncio.Handle._run`, so it sees asyncio's loops, not uvloop's.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool]) -> None:
        self._strands, self._is_own = strands, is_own
        self._original: Callable[[asyncio.Handle], None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        strands, is_own = self._strands, self._is_own
        original = self._original = asyncio.Handle._run  # noqa: SLF001 - the one way in
        task_type: Any = asyncio.Task

        def _run(handle: Any) -> None:
            task: Any = getattr(handle._callback, "__self__", None)  # noqa: SLF001
            if type(task) is not task_type or task.done():
                original(handle)
                return
            key = ~id(task)  # never the identity of a frame
            strand: Any = strands.on_stack.get(key)
            if strand is None:
                coro = task.get_coro()
                if type(coro) is not CoroutineType or not is_own(coro.cr_code.co_filename):
                    original(handle)
                    return
                frame: Any = coro.cr_frame
                strand = strands.started(key, frame, lambda: local_names(frame), task)
                del frame, coro
            else:
                strands.continued(key)
            original(handle)
            if task.done():
                strands.ended(key, "cancelled" if task.cancelled() else "error" if task._exception else "ok")  # noqa: SLF001
            else:
                strands.suspended(strand, task._fut_waiter)  # noqa: SLF001

        asyncio.Handle._run = _run  # type: ignore[method-assign, assignment]  # noqa: SLF001

    def stop(self) -> None:
        """Listen no more."""
        if self._original is not None:
            asyncio.Handle._run = self._original  # type: ignore[method-assign, assignment]  # noqa: SLF001
            self._original = None
