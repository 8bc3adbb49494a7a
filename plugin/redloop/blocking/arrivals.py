"""What has arrived for a loop that does not turn: the kernel knows which of its files are ready."""

from __future__ import annotations

import ctypes
import struct
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from redloop.tasks import plainly

_MOST = 500
"""Files of a loop. One that has more is not asked about: it would take longer than it may."""


def handles_of_arrivals(loop: Any) -> list[Any]:
    """The handles that `loop` would have run by now, had it turned, for its files that can be read or written.

    None are known of a loop without a selector, such as uvloop. To ask takes nothing away from it.
    """
    keys: Any = plainly(plainly(loop, "_selector"), "_fd_to_key")
    if type(keys) is not dict or len(keys) > _MOST:
        return []
    waiting = [key for key in list(keys.values()) if type(key.data) is tuple and len(key.data) == _PAIR]
    asked = b"".join(_FILE.pack(key.fd, _asked(key.events), 0) for key in waiting)
    answered = ctypes.create_string_buffer(asked, len(asked))
    if _poll(answered, len(waiting), 0) <= 0:
        return []
    handles = []
    for key, (_, _, found) in zip(waiting, _FILE.iter_unpack(answered.raw), strict=True):
        reader, writer = key.data
        if reader is not None and found & ~_OUT:
            handles.append(reader)
        if writer is not None and found & ~_IN:
            handles.append(writer)
    return handles


def _asked(events: int) -> int:
    return (_IN if events & EVENT_READ else 0) | (_OUT if events & EVENT_WRITE else 0)


# Not `select.poll`, which lets go of the interpreter lock: the loop would go on in the middle of a look at it.
_poll = ctypes.PyDLL(None).poll
_FILE = struct.Struct("ihh")  # `struct pollfd` of <poll.h>: the file, what is asked, and what is answered
_PAIR = 2  # what asyncio's own keys have for data: who reads, and who writes
_IN, _OUT = 1, 4  # POLLIN and POLLOUT, on Linux and on macOS
