"""A lock that is not watched: the detector takes its own on the loop's thread, at every start of a loop and more often.

A `threading.Lock` would be entered through what the detector itself has put in the place of `__enter__`.
"""

from __future__ import annotations

from _thread import allocate_lock, get_ident

acquire = type(allocate_lock()).acquire  # before it is watched


class Mutex:
    """One thread at a time is inside of its `with` block."""

    __slots__ = ("_acquire", "_holder", "_release")

    def __init__(self) -> None:
        lock = allocate_lock()
        self._acquire, self._release = acquire.__get__(lock), lock.release
        self._holder = 0

    def __enter__(self) -> None:
        self._acquire()
        self._holder = get_ident()

    def enter_if_free(self) -> bool:
        """Enter, unless somebody is inside."""
        entered: bool = self._acquire(blocking=False)
        if entered:
            self._holder = get_ident()
        return entered

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Let the next one enter."""
        self._holder = 0
        self._release()

    def is_mine(self) -> bool:
        """Whether this thread is inside: to enter again would be for good."""
        return self._holder == get_ident()
