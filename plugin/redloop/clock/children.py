"""Which child processes may wake the loop, whoever started them: by a signal, by an answer, or by their end."""

# ruff: noqa: SLF001 - multiprocessing and concurrent.futures keep to themselves which processes are theirs

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

UNLISTED = 0
"""Stands for any process, where the system does not list them."""
_AT_ONCE = getattr(os, "WEXITED", 0) | os.WNOHANG | getattr(os, "WNOWAIT", 0)  # macOS has them from 3.13 on
# Where there are no children, `os.waitid` raises an exception: that takes three times as long. Linux needs no room for
# the answer.
_IS_LINUX = sys.platform == "linux"  # asked once: a test may say that it is another system
_libc: Any = ctypes.PyDLL(None) if _IS_LINUX else None
_waitid: Any = getattr(_libc, "waitid", None)
_Text = ctypes.c_char * 128
_WHOLE = ctypes.c_size_t(128), ctypes.c_long(0)
_LOADAVG = b"/proc/loadavg"
_FIELDS = re.compile(rb"\d+\.\d+ \d+\.\d+ \d+\.\d+ \d+/\d+ (\d+)\n")
_TASKS = "/proc/self/task"
_HAS_LISTS = os.path.exists(f"{_TASKS}/{os.getpid()}/children")  # a kernel may be built without them


_tests: list[Children] = []


class Children:
    """The child processes that are younger than this object, or than the test that runs.

    Left out are multiprocessing's helpers, and the workers of pools: idle ones wait for ever, and the work of the
    others is counted as a job, or by the threads of their pool.
    """

    def __init__(self) -> None:
        self._older: set[int] = set(_tests[-1]._older) if _tests else _all()
        self._none_since = b""  # the newest process of the system when none was last found

    def at_work(self) -> set[int]:
        """The process ids of those that live.

        Where this process has no child, that takes a microsecond; where it has none at work, such as the helper that
        multiprocessing leaves behind, ten, until somebody starts a process. This is asked at every jump of the clock.
        """
        if not _has_any():
            return set()
        newest = _newest.read()
        if newest and newest == self._none_since:
            return set()
        found = self._look()
        self._none_since = b"" if found else newest
        return found

    def _look(self) -> set[int]:
        living = _all()
        self._older &= living  # a process id is used again
        helpers = set(filter(None, _helpers()))
        if helpers:
            helpers.add(UNLISTED)  # it may be one of them
        return {pid for pid in living - self._older - helpers if _lives(pid)}

    def forgive(self) -> None:
        """Count none of those that there are now."""
        self._older = _all()


@contextmanager
def children_of_a_test() -> Iterator[Children]:
    """Loops that are made inside the block count the children that were started in it.

    One that the test's own fixture has started is older than the loop, and yet the test may wait for it to be up.
    """
    _tests.append(Children())
    try:
        yield _tests[-1]
    finally:
        _tests.pop()


def _all() -> set[int]:
    found = _of_this_process()
    if "multiprocessing.popen_forkserver" in sys.modules:
        found.update(_of_the_fork_server())
    return found


def _has_any() -> bool:
    """Whether this process has a child, or may have one."""
    return _waitid is None or _waitid(os.P_ALL, 0, None, _AT_ONCE) == 0


class _Newest:
    """Which process or thread the system, or this container, has started last: see proc_loadavg(5)."""

    def __init__(self) -> None:
        self._fd = -1

    def read(self) -> bytes:
        """Its id; empty where nobody says."""
        if not _is_the_kernels():
            return b""
        found = self._last_field()
        if not found:  # it is not open yet, or the program has closed all its files
            self._fd = _libc.open(_LOADAVG, os.O_RDONLY | os.O_CLOEXEC)
            found = self._last_field()
            if not found and self._fd >= 0:  # it says something else here
                _libc.close(self._fd)
                self._fd = -1
        return b"" if found == b"0" else found  # gVisor does not count them

    def _last_field(self) -> bytes:
        """Empty if this is not the file."""
        text = _Text()
        size = _libc.pread(self._fd, text, *_WHOLE) if self._fd >= 0 else 0
        found = _FIELDS.fullmatch(text.value) if size > 0 else None
        return found[1] if found else b""


@cache
def _is_the_kernels() -> bool:
    """Whether `/proc/loadavg` is no file that somebody has mounted there: lxcfs may be seconds behind."""
    try:
        return _IS_LINUX and os.stat(_LOADAVG).st_dev == os.stat("/proc/self").st_dev
    except OSError:
        return False


_newest = _Newest()


def _of_this_process() -> set[int]:
    """All children, also those that have ended and that nobody has waited for."""
    if not _has_any():
        return set()
    try:
        ended = os.waitid(os.P_ALL, 0, _AT_ONCE)  # one of them; others may live
    except (ChildProcessError, AttributeError):  # none; a system that does not tell
        return set()
    if _HAS_LISTS:
        return _listed()
    if os.path.isdir(_TASKS):
        return set(_by_parent(os.getpid()))
    return {UNLISTED} if ended is None else set()


def _listed() -> set[int]:
    found: set[int] = set()
    try:
        for task in os.listdir(_TASKS):
            with open(f"{_TASKS}/{task}/children", "rb") as file:
                found.update(map(int, file.read().split()))
    except (FileNotFoundError, ProcessLookupError):  # that thread has just ended, and another one has its children now
        return _listed()
    except OSError:  # no file descriptor is left
        pass
    return found


def _by_parent(parent: int) -> Iterator[int]:
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{pid}/stat", "rb") as file:
            if int(file.read().rpartition(b")")[2].split()[1]) == parent:
                yield int(pid)


def _of_the_fork_server() -> Iterator[int]:
    """The live processes that multiprocessing has had its fork server start: they are that one's children."""
    popen: Any = getattr(sys.modules.get("multiprocessing.popen_forkserver"), "Popen", ())
    for process in _of_multiprocessing():
        if isinstance(process._popen, popen) and process._popen.poll() is None:
            yield process._popen.pid


def _of_multiprocessing() -> list[Any]:
    module: Any = sys.modules.get("multiprocessing.process")
    return list(module._children) if module is not None else []


def _lives(pid: int) -> bool:
    try:
        return pid == UNLISTED or os.waitid(os.P_PID, pid, _AT_ONCE) is None
    except ChildProcessError:  # somebody has waited for it meanwhile, or it is none of this process's own
        return pid in _of_the_fork_server()


def _helpers() -> Iterator[int | None]:
    """The process ids of those that serve this process, and do nothing of their own accord."""
    modules: Any = sys.modules
    if "multiprocessing.resource_tracker" in modules:
        yield modules["multiprocessing.resource_tracker"]._resource_tracker._pid
    if "multiprocessing.forkserver" in modules:
        yield modules["multiprocessing.forkserver"]._forkserver._forkserver_pid
    yield from (process.pid for process in _of_multiprocessing() if "PoolWorker" in process.name)
    if "concurrent.futures.process" in modules:
        kind = modules["concurrent.futures.process"]._ExecutorManagerThread
        for thread in threading.enumerate():
            if isinstance(thread, kind):
                yield from list(thread.processes)
