"""Where the steps of every task on asyncio's own loops pass: `asyncio.Handle._run`. uvloop's do not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from redloop.tasks import plainly

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[Any], None]


class RunHook:
    """A replacement of `Handle._run`."""

    def __init__(self) -> None:
        self._original: Run | None = None
        self._replacement: Run | None = None

    def install(self, replacement: Callable[[Run], Run]) -> None:
        """Put in place what `replacement` makes of the method that is there."""
        handle: Any = asyncio.Handle
        self._original = handle._run  # noqa: SLF001 - the one way in
        handle._run = self._replacement = replacement(handle._run)  # noqa: SLF001

    def uninstall(self) -> None:
        """Put the method back, unless somebody else has replaced it since."""
        handle: Any = asyncio.Handle
        if self._replacement is not None and handle._run is self._replacement:  # noqa: SLF001
            handle._run = self._original  # noqa: SLF001
        self._replacement = None


def task_of(handle: Any) -> asyncio.Task[Any] | None:
    """The task that a handle runs a step of."""
    task = plainly(handle._callback, "__self__")  # noqa: SLF001
    return task if issubclass(type(task), asyncio.Task) else None
