# ruff: noqa: SLF001 - who waits for what is private in asyncio, and read only
"""Which tasks go on when a handle of their loop runs: it is their own, or ends what they wait for."""

from __future__ import annotations

from asyncio import BoundedSemaphore, Event, Lock, Queue, Semaphore, StreamReader, Timeout
from asyncio.base_subprocess import BaseSubprocessTransport, ReadSubprocessPipeProto
from asyncio.sslproto import SSLProtocol
from collections import deque
from itertools import islice
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from redloop.tasks import is_future, plainly, task_of_callback

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What goes on by a method of asyncio's own: where those are kept that wait, and how many of them it wakes.
_WAITERS: dict[Any, tuple[str, int | None]] = {
    Event.set: ("_waiters", None),
    Lock.release: ("_waiters", 1),
    Semaphore.release: ("_waiters", 1),
    BoundedSemaphore.release: ("_waiters", 1),
    Queue.put_nowait: ("_getters", 1),
    Queue.get_nowait: ("_putters", 1),
}
# Where protocols keep what waits for data (asyncio's, aiohttp's, anyio's), and what waits until it may write.
_READERS = ("_stream_reader", "_waiter", "_payload", "read_event")
_WRITERS = ("_drain_waiters", "_drain_waiter", "write_event")
_WRITES = {"_write_ready", "_write_sendmsg", "_write_send"}  # asyncio's transports' own methods; 3.12 has several


def woken_by(handle: Any) -> Iterator[Any]:
    """The tasks that go on because `handle` runs, in that turn of the loop or in the next."""
    if handle._cancelled:
        return
    callback = handle._callback
    owner = plainly(callback, "__self__")
    task = plainly(owner, "_task") if type(owner) is Timeout else task_of_callback(callback)
    if task is not None:
        yield task
        return
    for future in (*_ended_by(callback, owner), *_futures(handle._args or ())):
        for waiting, _ in future._callbacks or ():
            if (task := task_of_callback(waiting)) is not None:
                yield task


def _ended_by(callback: Any, owner: Any) -> Iterator[Any]:
    """The futures that a method ends, or may: nobody knows yet whether what has arrived is enough."""
    if is_future(owner):
        yield owner
    elif type(callback) is MethodType and type(callback.__func__) is FunctionType:
        where, most = _WAITERS.get(callback.__func__, ("", 0))
        yield from islice(plainly(owner, where) or (), most)
        if callback.__name__ == "_read_ready":
            yield from _readers(plainly(owner, "_protocol"))
        elif callback.__name__ in _WRITES:
            protocol = plainly(owner, "_protocol")
            yield from _futures(plainly(protocol, name) for name in _WRITERS)
        elif isinstance(owner, BaseSubprocessTransport):
            yield from _futures([owner])


def _readers(protocol: Any) -> Iterator[Any]:
    """What waits for a protocol's data; of one that another stands behind, for that one's."""
    if isinstance(protocol, SSLProtocol):
        yield from _readers(protocol._app_protocol)
    elif isinstance(protocol, ReadSubprocessPipeProto):
        pipe: Any = protocol
        yield from _futures([plainly(pipe.proc._protocol, "stdout" if pipe.fd == 1 else "stderr")])
    else:
        yield from _futures(plainly(protocol, name) for name in _READERS)


def _futures(held: Iterable[Any]) -> Iterator[Any]:
    """The futures among what somebody has, and in it where asyncio or aiohttp keep them."""
    for one in held:
        if is_future(one):
            yield one
        elif type(one) is Event:
            yield from _futures(one._waiters)
        elif isinstance(one, StreamReader) or type(one).__module__ == "aiohttp.streams":
            yield from _futures([one._waiter])
        elif isinstance(one, BaseSubprocessTransport):  # its child has ended
            yield from _futures(one._exit_waiters or ())
        elif type(one) in {tuple, deque}:
            yield from _futures(one)
