"""What is asked of a task wherever one is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


def coroutine_of(task: asyncio.Task[Any]) -> Any:
    """The coroutine that a task runs; None once an eager one has ended, if it did so while it was made.

    Its `get_coro()` then ends CPython 3.12.1 with a segmentation fault; the attribute that `repr` reads says None.
    """
    return task._coro if hasattr(task, "_coro") else task.get_coro()  # noqa: SLF001 - as said
