"""Which of a loop's file descriptors can bring something from elsewhere, and which only from the loop itself."""

from __future__ import annotations

import array
import fcntl
import os
import re
import socket
import stat
import termios
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Kind = Literal["file", "process", "pipe", "listening", "stream", "datagram"]

_MAY_CHANGE = {"stream", "process"}
"""Kinds of which nothing is kept: one is still connecting, and those of all processes may have one inode."""
_PID = re.compile(rb"^Pid:\t(\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a connection. `name` and `peer` are addresses; `peer` is None where nobody is connected (yet).

    What tells of a process has its process id for a name.
    """

    kind: Kind
    name: Any = None
    peer: Any = None

    @property
    def has_a_name(self) -> bool:
        """The two ends of a socketpair have none, so nobody can say where its other end is."""
        return bool(self.name or self.peer)

    def __str__(self) -> str:
        match self.kind:
            case "stream":
                return f"a connection to {self.peer or 'an unnamed peer'}"
            case "datagram":
                return f"datagrams to {self.name}"
            case "process":
                return f"the process {self.name}"
        return f"a {self.kind}"


class Sockets:
    """The file descriptors that a loop has ever looked at, as long as they live."""

    def __init__(self) -> None:
        self._inodes: dict[int, int] = {}
        self._ends: dict[int, End] = {}
        self.more_than_own = False
        """Whether any was added after the first, by which threads wake the loop."""
        self.pairs: list[int] = []
        """Those with both ends on this loop, when `outside` looked last."""

    def add(self, fd: int) -> None:
        """Remember `fd` as this loop's, also while the loop is not looking at it (a paused transport, `sock_recv`)."""
        try:
            inode = os.fstat(fd).st_ino
        except OSError:
            return
        if self._inodes.get(fd) != inode:
            self.more_than_own = self.more_than_own or bool(self._inodes)
            self._inodes[fd] = inode
            self._ends.pop(fd, None)

    def outside(self, watched: Collection[int]) -> Iterator[str]:
        """What could bring something from elsewhere through the `watched` descriptors, in words."""
        self.pairs = []
        if not watched:
            return
        ends = dict(self._alive())
        count = Counter(ends.values())
        names = {end.name for end in ends.values() if end.kind == "datagram"}
        pipes = Counter(self._inodes[fd] for fd, end in ends.items() if end.kind == "pipe")
        for fd in watched:
            end = ends.get(fd, End("file"))
            match end.kind:
                case "pipe":
                    on_both_ends = pipes[self._inodes[fd]] > 1
                case "stream":
                    on_both_ends = end.has_a_name and count[end] <= count[End("stream", end.peer, end.name)]
                case "datagram":
                    on_both_ends = end.peer in names
                case "listening":
                    continue  # who is to connect is on this loop, or counted as a thread or a process
                case _:
                    on_both_ends = False
            if on_both_ends:
                self.pairs.append(fd)
            else:
                yield str(end) if end.kind == "process" else f"{end} (fd {fd})"

    def _alive(self) -> Iterator[tuple[int, End]]:
        for fd, inode in list(self._inodes.items()):
            try:
                status = os.fstat(fd)
            except OSError:
                status = None
            if status is None or status.st_ino != inode:  # closed, and perhaps another one's now
                del self._inodes[fd]
                self._ends.pop(fd, None)
                continue
            end = self._ends.get(fd)
            if end is None:
                end = _look(fd, status.st_mode)
                if end.peer is not None or end.kind not in _MAY_CHANGE:
                    self._ends[fd] = end
            yield fd, end

    def in_flight(self) -> bool:
        """Whether something sent between two ends on this loop may not have arrived yet."""
        return any(_unacknowledged(fd) for fd in self.pairs)


def _look(fd: int, mode: int) -> End:
    if not stat.S_ISSOCK(mode):
        if stat.S_ISFIFO(mode):
            return End("pipe")
        pid = _process_of(fd)
        return End("process", pid) if pid else End("file")
    sock = socket.socket(fileno=fd)
    try:
        if sock.type == socket.SOCK_STREAM and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return End("listening", sock.getsockname())
        try:
            peer = sock.getpeername()
        except OSError:
            peer = None
        return End("stream" if sock.type == socket.SOCK_STREAM else "datagram", sock.getsockname(), peer)
    finally:
        sock.detach()


def _process_of(fd: int) -> int:
    """The id of the process whose end `fd` tells (asyncio looks at one for each child); 0 for anything else."""
    with suppress(OSError), open(f"/proc/self/fdinfo/{fd}", "rb") as file:
        found = _PID.search(file.read())
        return int(found[1]) if found else 0
    return 0


def _unacknowledged(fd: int) -> bool:
    """Whether the kernel still holds bytes written to `fd`; True where it does not say."""
    count = array.array("i", [0])
    try:
        fcntl.ioctl(fd, termios.TIOCOUTQ, count)
    except OSError:
        return not stat.S_ISFIFO(os.fstat(fd).st_mode)  # what is in a pipe has arrived
    return count[0] > 0
