"""What other threads want done on the thread that waits for it."""

from __future__ import annotations

import os
import queue
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Inbox:
    """Functions to call, in the order in which they were posted; `descriptor` becomes readable when there is news."""

    def __init__(self) -> None:
        self.descriptor, self._wake = os.pipe()
        for descriptor in (self.descriptor, self._wake):
            os.set_blocking(descriptor, False)
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, news: Callable[[], None]) -> None:
        """Have a function called. For other threads."""
        self._posted.put(news)
        self.wake()

    def wake(self) -> None:
        """Have whoever waits look round. For other threads."""
        with suppress(BlockingIOError):  # a full pipe wakes as well
            os.write(self._wake, b".")

    def drain(self) -> None:
        """Let the next wake-up be seen."""
        with suppress(BlockingIOError):
            os.read(self.descriptor, 1024)

    def empty(self) -> None:
        """Call what was posted."""
        while not self._posted.empty():
            self._posted.get()()

    def close(self) -> None:
        """Nobody may post or wake any more."""
        os.close(self.descriptor)
        os.close(self._wake)
