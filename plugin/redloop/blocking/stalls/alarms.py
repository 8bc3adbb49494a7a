"""Wake the sampler when a loop has not turned for a while, and only then.

Whoever wakes up takes the interpreter lock away from the loop: at 200 times a second that costs a loop which is busy a
tenth of its time. A kernel timer can be put off in a microsecond by the loop's own thread, and the sampler sleeps on.
Where there are none (`timerfd` is Linux's), the sampler wakes up again and again to see that there is nothing to see.
"""

from __future__ import annotations

import ctypes
import os
import select
import time
from _thread import allocate_lock
from contextlib import suppress
from typing import Any, Protocol

INTERVAL = 0.005
"""Seconds from when a loop is put in order, or looked at, to the next look."""
IDLE_INTERVAL = 2 * INTERVAL
"""Seconds from one look to the next while the loop is idle, as a signal's handler may hold it up even then, and while
it is in a call by name, which is timed by itself."""


class Alarm(Protocol):
    """One loop's: it goes off once, some time after it was last set."""

    def set(self) -> object:
        """Go off in `INTERVAL` seconds, and not before."""

    def set_idle(self) -> object:
        """Go off in `IDLE_INTERVAL` seconds, and not before."""

    def set_in(self, seconds: float) -> object:
        """Go off in so many seconds, and not before. Dearer than the other two."""

    def go_off(self) -> object:
        """Go off at once."""

    def close(self) -> None:
        """Never go off again."""


class Alarms(Protocol):
    """What the sampler waits for."""

    def new(self) -> Alarm:
        """Make an alarm, on any thread; it is set as for an idle loop."""

    def wait(self) -> None:
        """Wait until an alarm goes off, or may have."""


class Timers:
    """Alarms that are timers of the kernel's."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._spare: list[_Timer] = []  # a test runs its loop several times, and a file is dear to close

    def new(self) -> Alarm:
        """Make an alarm; one that never goes off where no more files can be opened."""
        try:
            timer = self._spare.pop()
        except IndexError:
            pass
        else:
            if timer.set_idle():  # else the program has closed all its files
                return timer
        fd: int = _libc.timerfd_create(_MONOTONIC, _FLAGS)
        if fd >= 0:
            self._epoll.register(fd, select.EPOLLIN | select.EPOLLET)
        timer = _Timer(fd, self._spare)
        timer.set_idle()
        return timer

    def wait(self) -> None:
        """Wait until one goes off. Edge-triggered: a timer that was put off meanwhile does not count."""
        self._epoll.poll()


class _Timer:
    def __init__(self, fd: int, spare: list[_Timer]) -> None:
        self._fd, self._spare = fd, spare

    def set(self) -> bool:
        return self._set(_IN_AN_INTERVAL)

    def set_idle(self) -> bool:
        return self._set(_IN_AN_IDLE_INTERVAL)

    def set_in(self, seconds: float) -> bool:
        return self._set(_in(seconds))

    def go_off(self) -> bool:
        return self._set(_AT_ONCE)

    def _set(self, when: Any) -> bool:
        """Whether there is such a timer."""
        return bool(_settime(self._fd, 0, when, None) == 0)

    def close(self) -> None:
        """Nobody may set it from now on, but for `new`, which may give it to somebody else."""
        is_there = self._set(_NEVER)
        if is_there and not self._spare:
            self._spare.append(self)
            return
        fd, self._fd = self._fd, -1
        with suppress(OSError):  # it may be closed
            os.close(fd)


class Polling:
    """For want of timers: as long as there is an alarm, it may have gone off."""

    def __init__(self) -> None:
        self._open: set[Alarm] = set()
        self._any = allocate_lock()  # free once there has been an alarm: an event has a lock that a fork may find taken
        self._any.acquire()

    def new(self) -> Alarm:
        """Make an alarm."""
        alarm = _Polled(self._open)
        self._open.add(alarm)
        with suppress(RuntimeError):  # it is free
            self._any.release()
        return alarm

    def wait(self) -> None:
        """Wait for a while, or until there is an alarm."""
        if self._open:
            time.sleep(INTERVAL)
        while not self._open:  # it may be free for an alarm that was closed meanwhile
            self._any.acquire()


class _Polled:
    def __init__(self, others: set[Alarm]) -> None:
        self._others = others

    def set(self) -> None:
        """It is looked at anyway."""

    def set_idle(self) -> None:
        """So it is."""

    def set_in(self, seconds: float) -> None:
        """So it is."""

    def go_off(self) -> None:
        """It is looked at soon."""

    def close(self) -> None:
        self._others.discard(self)


def new_alarms() -> Alarms:
    """The best that this system has."""
    return Timers() if _settime is not None and hasattr(select, "epoll") else Polling()


class _Setting(ctypes.Structure):  # struct itimerspec
    _fields_ = (("interval", ctypes.c_long * 2), ("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


def _in(seconds: float) -> Any:
    whole = int(seconds)
    return ctypes.byref(_Setting(seconds=whole, nanoseconds=int((seconds - whole) * 1e9)))


_libc: Any = ctypes.PyDLL(None)  # keeps the interpreter lock: a loop that sets its alarm must not lose it for that
_settime: Any = getattr(_libc, "timerfd_settime", None)
_MONOTONIC = 1
_FLAGS = 0o2000000  # TFD_CLOEXEC
_NEVER = ctypes.byref(_Setting())
_AT_ONCE = ctypes.byref(_Setting(seconds=0, nanoseconds=1))
_IN_AN_INTERVAL, _IN_AN_IDLE_INTERVAL = _in(INTERVAL), _in(IDLE_INTERVAL)
