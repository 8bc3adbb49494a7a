"""Keys as they are pressed, on a terminal; and the terminal as it was, whenever somebody else needs it."""

from __future__ import annotations

import os
import signal
import sys
import termios
import tty
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

ENTER = "\n"
ESCAPE = "\x1b"
BACKSPACES = ("\x7f", "\b")


class Keyboard:
    """Standard input, one key at a time. Ctrl-C stays KeyboardInterrupt, Ctrl-Z and `fg` work."""

    def __init__(self) -> None:
        self.descriptor = sys.stdin.fileno()
        self._before = termios.tcgetattr(self.descriptor)

    def __enter__(self) -> Self:
        self._continued = signal.signal(signal.SIGCONT, lambda *_: self._take())
        self._take()
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGCONT, self._continued)
        self._give_back()

    def pressed(self) -> list[str]:
        """The keys that were pressed, without waiting; arrows and the like are none. Raises EOFError, OSError."""
        data = os.read(self.descriptor, 1024).decode("utf-8", "ignore")
        if not data or "\x04" in data:  # the terminal is gone, or Ctrl-D
            raise EOFError
        if data.startswith(ESCAPE) and data != ESCAPE:
            return []
        return [ENTER if key == "\r" else key for key in data]

    @contextmanager
    def released(self) -> Iterator[None]:
        """The terminal for a question or an editor; what was typed before is not an answer to it."""
        termios.tcflush(self.descriptor, termios.TCIFLUSH)
        self._give_back()
        try:
            yield
        finally:
            self._take()

    def line(self, ask: Callable[[], None]) -> str:
        """What is typed up to Enter once the question was asked, and not before. Raises EOFError."""
        with self.released():
            ask()
            return input().strip()

    def _take(self) -> None:
        tty.setcbreak(self.descriptor, termios.TCSANOW)

    def _give_back(self) -> None:
        termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self._before)
