"""What has arrived for a loop that does not turn: the kernel knows which of its files are ready."""

from __future__ import annotations

import ctypes
import os
import select
import struct
from typing import Any

from redloop.tasks import plainly

_MOST = 64  # files


def handles_of_arrivals(loop: Any) -> list[Any]:
    """The handles that `loop` would have run by now, had it turned, for its files that can be read or written.

    None are known of a loop without epoll. To ask takes nothing away from the loop: its files are level-triggered.
    """
    selector = plainly(loop, "_selector")
    epoll = plainly(selector, "_selector")
    if _epoll_wait is None or type(epoll) is not select.epoll or epoll.closed:
        return []
    buffer = ctypes.create_string_buffer(_MOST * _EVENT.size)
    count = _epoll_wait(epoll.fileno(), buffer, _MOST, 0)
    handles = []
    for events, fd in _EVENT.iter_unpack(buffer.raw[: max(0, count) * _EVENT.size]):
        key = selector._fd_to_key.get(fd)  # noqa: SLF001 - `get_key` raises where there is none
        data = key and key.data
        if type(data) is tuple and len(data) == 2:  # noqa: PLR2004 - asyncio's own: who reads, and who writes
            reader, writer = data
            if reader is not None and events & ~select.EPOLLOUT:
                handles.append(reader)
            if writer is not None and events & ~select.EPOLLIN:
                handles.append(writer)
    return handles


# Not `select.epoll.poll`, which lets go of the interpreter lock: the loop would go on in the middle of a look at it.
_epoll_wait: Any = getattr(ctypes.PyDLL(None), "epoll_wait", None)
# `struct epoll_event` of <sys/epoll.h>: what happened, and the file in the first half of eight bytes. It is packed on
# x86-64 and nowhere else.
_EVENT = struct.Struct("=Ii4x" if hasattr(os, "uname") and os.uname().machine == "x86_64" else "=I4xi4x")
