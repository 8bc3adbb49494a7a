"""When a call of the catalogue returns at once: each function takes the call's own arguments."""

from __future__ import annotations

import gc
import io
import os
import socket
import sys
from types import BuiltinMethodType
from typing import TYPE_CHECKING, Any

from redloop.modules import globals_of

if TYPE_CHECKING:
    from collections.abc import Callable

# What is not there on every system.
_FLOCK_NB = 4  # fcntl.LOCK_NB
_WAITING_LOCKF = 1  # os.F_LOCK
_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)
_MOST_LAYERS = 5  # text over a buffer over a file, in a wrapper or two: a mock has no end of them
_get_blocking = getattr(os, "get_blocking", lambda _fd: True)


def never(*_: Any, **__: Any) -> bool:
    """Of a call that is never harmless."""
    return False


def may_wait(returns_at_once: Callable[..., bool], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a call with these arguments may wait. Where they make no sense it does not: the call itself says so."""
    try:
        return not returns_at_once(*args, **kwargs)
    except Exception:  # noqa: BLE001 - whatever arguments may raise
        return False


def imported(name: str) -> bool:
    """A module that is loaded, and not being loaded just now, by another thread perhaps."""
    return name in sys.modules and not getattr(globals_of(sys.modules[name]).get("__spec__"), "_initializing", False)


def zero_seconds(seconds: float = 0, *_: Any) -> bool:
    """`time.sleep(0)` only gives up the processor; less than that is an error."""
    return not seconds > 0


def non_blocking_socket(sock: Any, *_: Any, **__: Any) -> bool:
    """A socket whose time-out is 0 never waits."""
    return not sock.getblocking()


def does_not_wait(sock: Any, _data: Any = None, flags: Any = 0, *_: Any) -> bool:
    """`sock.recv(10, MSG_DONTWAIT)`, and whatever is done with a socket whose time-out is 0."""
    return not sock.getblocking() or (isinstance(flags, int) and bool(flags & _DONT_WAIT))


def message_does_not_wait(sock: Any, _data: Any = None, _size: Any = 0, flags: Any = 0, *_: Any, **__: Any) -> bool:
    """The same of the calls whose flags come third, as `sock.recv_into(buffer, 10, MSG_DONTWAIT)`."""
    return does_not_wait(sock, None, flags)


def connects_at_once(sock: Any, address: Any) -> bool:
    """Connecting a datagram socket only notes the address, unless that is a name to be looked up."""
    if not sock.getblocking():
        return True
    return sock.type == socket.SOCK_DGRAM and (not isinstance(address, tuple) or _is_numeric(address[0]))


def numeric_host(*args: Any, flags: int = 0, **__: Any) -> bool:
    """`getaddrinfo(…, flags=AI_NUMERICHOST)`: a name is an error."""
    return bool((args[5] if len(args) > 5 else flags) & socket.AI_NUMERICHOST)  # noqa: PLR2004 - the sixth argument


def numeric_name(_address: Any, flags: int) -> bool:
    """`getnameinfo(address, NI_NUMERICHOST)`: the answer is what was asked."""
    return bool(flags & socket.NI_NUMERICHOST)


def only_given_certificates(
    _first: Any = None, cafile: Any = None, capath: Any = None, cadata: Any = None, **_: Any
) -> bool:
    """`ssl.create_default_context(cadata=…)`: they are in memory."""
    return cadata is not None and cafile is None and capath is None


def from_descriptor(file: Any, *_: Any, **__: Any) -> bool:
    """`open(fd)`: what it stands for is open already."""
    return isinstance(file, int)


def non_blocking_fd(fd: int, *_: Any, **__: Any) -> bool:
    """Whether the file descriptor was set to non-blocking, or is a standard stream."""
    return fd in (1, 2) or not _get_blocking(fd)


def no_hang(*args: Any, options: int = 0) -> bool:
    """`os.waitpid(pid, os.WNOHANG)` and its like: the options come last."""
    return bool((args[-1] if args else options) & os.WNOHANG)


def zero_timeout(*args: Any, timeout: Any = None, **__: Any) -> bool:
    """`select(…, 0)`, `poll(0)`: a look, without waiting."""
    given = timeout if timeout is not None else args[-1] if len(args) > 1 else None
    return isinstance(given, (int, float)) and given == 0


def no_time(_self: Any, timeout: Any = None) -> bool:
    """`selector.select(0)`, `process.join(-1)`: less than none is none."""
    return timeout is not None and timeout <= 0


def no_wait(_queue: Any, block: Any = True, timeout: Any = None) -> bool:  # noqa: FBT002 - the queue's own signature
    """`queue.get(block=False)`."""
    return not block or no_time(_queue, timeout)


def has_one(queue: Any, block: Any = True, timeout: Any = None) -> bool:  # noqa: FBT002 - the queue's own signature
    """`queue.get()` when there is something in it, or one that would not wait for it."""
    return no_wait(queue, block, timeout) or not queue.empty()


def process_waited_for(process: Any, timeout: Any = None) -> bool:
    """A `subprocess.Popen` that is known to have ended, or is not waited for."""
    return process.returncode is not None or no_time(process, timeout)


def process_heard_out(process: Any, _input: Any = None, timeout: Any = None, **__: Any) -> bool:
    """`popen.communicate()` when it has ended, and there is nothing left to read or write."""
    pipes = (process.stdin, process.stdout, process.stderr)
    return process_waited_for(process, timeout) and all(pipe is None or pipe.closed for pipe in pipes)


def process_done(process: Any, timeout: Any = None) -> bool:
    """Joining a process that has ended, or without waiting for it."""
    return no_time(process, timeout) or process.exitcode is not None


def lock_without_waiting(_fd: Any, operation: int, *_: Any) -> bool:
    """`flock(file, LOCK_EX | LOCK_NB)`, or letting go."""
    return bool(operation & (_FLOCK_NB | 8))


def tries_to_lock(_fd: int, command: int, *_: Any) -> bool:
    """`os.lockf(fd, F_TLOCK, 0)`, or letting go, or asking."""
    return command != _WAITING_LOCKF


def thread_done(handle: Any, timeout: Any = None) -> bool:
    """Joining a thread that has ended."""
    return bool(handle.is_done()) or timeout == 0


def not_a_file(file: Any, *_: Any, **__: Any) -> bool:
    """Text or bytes in memory, a pipe that never waits, and the standard streams, which print and logging write to."""
    if _is_standard(file):
        return True
    raw: Any = file
    for _layer in range(_MOST_LAYERS):
        if isinstance(raw, io.FileIO):
            return raw.closed or non_blocking_fd(raw.fileno())
        raw = getattr(raw, "buffer", None) or getattr(raw, "raw", None)
    return True


def no_files(fsrc: Any, fdst: Any, *_: Any, **__: Any) -> bool:
    """`shutil.copyfileobj` from memory to memory."""
    return not_a_file(fsrc) and not_a_file(fdst)


def calls_a_file_itself(writer: Any, *_: Any) -> bool:
    """A csv writer that was made while a loop runs has a `write` that is watched, an older one has the file's."""
    write = next((one for one in gc.get_referents(writer) if isinstance(one, BuiltinMethodType)), None)
    return write is None or not_a_file(write.__self__)


def not_mapped(mapping: Any, *_: Any) -> bool:
    """`mmap.mmap(-1, size)`: memory without a file behind it."""
    try:
        mapping.size()
    except OSError:
        return True
    return False


def not_a_written_file(file: Any, *_: Any) -> bool:
    """Flushing, or closing, a file that was opened for reading."""
    return not_a_file(file) or not file.writable()


def _is_standard(file: Any) -> bool:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        if file is stream or file is getattr(stream, "buffer", None):
            return True
    return False


def _is_numeric(host: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        return False
    return True
