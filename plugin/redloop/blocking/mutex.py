"""A lock that is not watched: the detector takes its own on the loop's thread, at every start of a loop and more often.

A `threading.Lock` would be entered through what the detector itself has put in the place of `__enter__`.
"""

from __future__ import annotations

from _thread import allocate_lock

_acquire = type(allocate_lock()).acquire  # before it is watched


class Mutex:
    """One thread at a time is inside of its `with` block."""

    __slots__ = ("_acquire", "_release")

    def __init__(self) -> None:
        lock = allocate_lock()
        self._acquire, self._release = _acquire.__get__(lock), lock.release

    def __enter__(self) -> None:
        self._acquire()

    def __exit__(self, *_: object) -> None:
        self._release()
