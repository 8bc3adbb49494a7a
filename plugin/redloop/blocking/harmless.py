"""When a call of the catalogue returns at once: each function takes the call's own arguments."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

_FLOCK_NB = 4  # fcntl.LOCK_NB; fcntl is not there on every system


def zero_seconds(seconds: float = 0, *_: Any) -> bool:
    """`time.sleep(0)` only gives up the processor."""
    return not seconds


def non_blocking_socket(sock: Any, *_: Any, **__: Any) -> bool:
    """A socket whose time-out is 0 never waits."""
    return not sock.getblocking()


def from_descriptor(file: Any, *_: Any, **__: Any) -> bool:
    """`open(fd)`: what it stands for is open already."""
    return isinstance(file, int)


def non_blocking_fd(fd: int, *_: Any, **__: Any) -> bool:
    """Whether the file descriptor was set to non-blocking, or is a standard stream."""
    return fd in (1, 2) or not os.get_blocking(fd)


def no_hang(*args: Any, **__: Any) -> bool:
    """`os.waitpid(pid, os.WNOHANG)` and its like."""
    return len(args) > 1 and isinstance(args[-1], int) and bool(args[-1] & os.WNOHANG)


def zero_timeout(*args: Any, timeout: Any = None, **__: Any) -> bool:
    """`select(…, 0)`, `poll(0)`: a look, without waiting."""
    given = timeout if timeout is not None else args[-1] if len(args) > 1 else None
    return isinstance(given, (int, float)) and given == 0


def zero_epoll(_poller: Any, timeout: Any = None, *_: Any, **__: Any) -> bool:
    """`epoll.poll(0)`."""
    return bool(timeout == 0)


def no_wait(_queue: Any, block: Any = True, timeout: Any = None) -> bool:  # noqa: FBT002 - the queue's own signature
    """`queue.get(block=False)`."""
    return not block or timeout == 0


def has_one(queue: Any, block: Any = True, timeout: Any = None) -> bool:  # noqa: FBT002 - the queue's own signature
    """`queue.get()` when there is something in it, or one that would not wait for it."""
    return no_wait(queue, block, timeout) or not queue.empty()


def process_waited_for(process: Any, *_: Any, **__: Any) -> bool:
    """A `subprocess.Popen` that is known to have ended."""
    return process.returncode is not None


def process_done(process: Any, timeout: Any = None) -> bool:
    """Joining a process that has ended, or without waiting for it."""
    return timeout == 0 or process.exitcode is not None


def lock_without_waiting(_fd: Any, operation: int, *_: Any) -> bool:
    """`flock(file, LOCK_EX | LOCK_NB)`, or letting go."""
    return bool(operation & (_FLOCK_NB | 8))


def thread_done(handle: Any, timeout: Any = None) -> bool:
    """Joining a thread that has ended."""
    return bool(handle.is_done()) or timeout == 0


def not_a_file(file: Any, *_: Any, **__: Any) -> bool:
    """Text or bytes in memory, and the standard streams, which print and logging write to."""
    if file in _standard_streams():
        return True
    raw = file
    while not isinstance(raw, io.FileIO):
        inner = getattr(raw, "buffer", None) or getattr(raw, "raw", None)
        if inner is None:
            return True
        raw = inner
    return raw.closed or raw.fileno() in (1, 2)


def not_a_written_file(file: Any) -> bool:
    """Flushing a file that was opened for reading; closing one does that too."""
    return not_a_file(file) or not file.writable()


def _standard_streams() -> tuple[Any, ...]:
    streams = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    return streams + tuple(getattr(stream, "buffer", None) for stream in streams)
