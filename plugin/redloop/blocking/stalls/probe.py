"""One look at a loop's thread: the clocks of both threads, taken without giving up the interpreter lock.

`/proc/…/schedstat` has three numbers for a thread: nanoseconds on a processor, nanoseconds ready but waiting for one
(its run delay), and how often it was switched in (kernel documentation, scheduler/sched-stats). `wchan` names what it
sleeps in, `0` when it does not. They are opened and read through `ctypes.PyDLL`, which keeps the lock: `os.open` and
`os.pread` would let go of it, and the frames would belong to another moment than the clocks.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Clocks(NamedTuple):
    """What the kernel says of a thread: seconds on a processor, seconds of waiting for one, switches."""

    cpu: float
    delay: float = 0.0
    switches: int = 0


class KernelFile:
    """A file below `/proc`, read again and again; empty where there is none."""

    def __init__(self, path: str) -> None:
        self._fd: int = _open(path.encode(), os.O_RDONLY | os.O_CLOEXEC)
        self._buffer = _Buffer()
        self._arguments = ctypes.c_int(self._fd), self._buffer, ctypes.c_size_t(_SIZE), ctypes.c_long(0)

    def read(self) -> bytes:
        """The file's first 128 bytes, as they are now. Two threads must not read the same one at once."""
        if self._fd < 0:
            return b""
        size = _pread(*self._arguments)
        return self._buffer.raw[:size] if size > 0 else b""

    def __del__(self) -> None:
        if self._fd >= 0:
            with suppress(OSError):  # the program may have closed all its files
                os.close(self._fd)


class Probe:
    """Reads the clocks of the thread that makes it, from any thread, until that thread ends.

    The main thread's file is opened at once, another's when its clocks are first wanted: a thread that is served by
    `/proc` takes a quarter of a millisecond longer to end, and most are over before anybody looks.
    """

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.native = threading.get_native_id()
        self._cpu = cpu_clock(self.thread)
        if self.thread == threading.main_thread().ident:
            self._schedstat.read()

    @property
    def is_open(self) -> bool:
        """Whether `clocks` costs no more than a read."""
        return "_schedstat" in vars(self)

    @cached_property
    def _schedstat(self) -> KernelFile:
        return KernelFile(f"/proc/self/task/{self.native}/schedstat")

    @cached_property
    def _wchan(self) -> KernelFile:
        return KernelFile(f"/proc/self/task/{self.native}/wchan")

    def open(self) -> None:
        """Open all that it will read."""
        self._schedstat.read()
        self._wchan.read()

    def cpu(self) -> float:
        """Seconds on a processor. Raises OSError once the thread has ended."""
        return self._cpu()

    def clocks(self) -> Clocks:
        """The thread's clocks. Raises OSError once it has ended."""
        return parsed(self.cpu(), self._schedstat.read())

    def schedstat_if_open(self) -> bytes:
        """What `clocks` would read, for `parsed`; empty where that would be dearer than a read."""
        return self._schedstat.read() if self.is_open else b""

    def sleeps_in(self) -> str:
        """The kernel function that the thread sleeps in; empty while it runs or is ready to, or where nobody says."""
        name = self._wchan.read().decode()
        return "" if name == "0" else name


def cpu_clock(thread: int) -> Callable[[], float]:
    """The clock of a thread's seconds on a processor. It raises OSError once that has ended, where that is told.

    Where nobody tells the time of one thread it is the whole process's, which is as much or more.
    """
    if hasattr(time, "pthread_getcpuclockid"):
        return partial(time.clock_gettime, time.pthread_getcpuclockid(thread))
    if hasattr(_libc, "thread_info"):
        return partial(_mach_cpu, _libc.pthread_mach_thread_np(ctypes.c_void_p(thread)))
    return time.process_time


def _mach_cpu(port: int) -> float:
    """What macOS says of a thread: `thread_basic_info` of <mach/thread_info.h> begins with its times."""
    info, size = (ctypes.c_int * _BASIC_SIZE)(), ctypes.c_uint(_BASIC_SIZE)
    if _libc.thread_info(port, _BASIC_INFO, info, ctypes.byref(size)) != 0:
        raise OSError(f"there is no thread {port}")
    user, user_micro, system, system_micro = info[:4]
    return user + system + (user_micro + system_micro) / 1e6


def probe_here() -> Probe:
    """The probe of this thread, the same as long as it lives: a test runs its loop several times."""
    probe: Probe | None = getattr(_here, "probe", None)
    if probe is None or probe.native != threading.get_native_id():  # it was forked
        probe = _here.probe = Probe()
    return probe


class SamplerProbe:
    """Reads the clocks of the sampler's thread, from any, but for its time on a processor."""

    def __init__(self, native: int, before: Clocks) -> None:
        """`before` are those of the threads that it had before this one: they go on, and do not begin again."""
        self._before = before
        self._schedstat = KernelFile(f"/proc/self/task/{native}/schedstat")

    def clocks(self) -> Clocks:
        """That thread's clocks."""
        own = parsed(0.0, self._schedstat.read())
        return Clocks(0.0, self._before.delay + own.delay, self._before.switches + own.switches)


def parsed(cpu: float, schedstat: bytes) -> Clocks:
    """The clocks of a thread by its seconds on a processor and its line of `schedstat`, which may be empty."""
    if not schedstat:
        return Clocks(cpu)
    _, delay, switches = schedstat.split()
    return Clocks(cpu, int(delay) / 1e9, int(switches))


_here = threading.local()
_SIZE = 128
_Buffer = ctypes.c_char * _SIZE
_libc: Any = ctypes.PyDLL(None)
_open, _pread = _libc.open, _libc.pread
_pread.restype = ctypes.c_ssize_t
_BASIC_INFO, _BASIC_SIZE = 3, 10  # THREAD_BASIC_INFO, and how many ints that is
