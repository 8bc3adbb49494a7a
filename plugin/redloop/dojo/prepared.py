"""A child of the worker that has all behind it but the answer, and forks a process for each answer to its exercise.

A fresh interpreter takes most of its time for imports, a forked one for pytest's own start and for what the tests
import. What is forked where the tests import the answer has nothing left to do but to judge it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import socket
import struct
import sys
import tempfile
import time
import warnings
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from redloop.dojo import judge
from redloop.dojo.verdict import BROKE_DOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.dojo.job import Job

TAIL = 4000  # bytes of a crashed answer's output that are worth showing
MOST_STACK = 20_000  # bytes
LAST_WORDS = 0.15  # seconds a silent answer gets to write down where it stands, each time it is asked
MESSAGE = struct.Struct("=ci")  # what is said on the line: one of these two, and a number
PROCESS, STATUS = b"P", b"S"


class Prepared:
    """The child, seen from the worker.

    On `line` it is sent the pipe for an answer's events. The answer's process then says its number, and the child its
    status when it has ended. What they print, and where they stand when they are asked, goes into two files.
    """

    def __init__(self, job: Job, not_for_it: Sequence[int]) -> None:
        self._output, self._stack = _new_file(), _new_file()
        ours, theirs = socket.socketpair()
        self._pid = _fork()
        if self._pid == 0:
            for descriptor in (*not_for_it, ours.fileno()):
                os.close(descriptor)
            _be_prepared(job, theirs, self._output.fileno(), self._stack.fileno())
        theirs.close()
        self.line = ours
        self._answer: int | None = None
        self._answer_ended = False

    def ask(self, events: int) -> None:
        """Have an answer judged; what it tells goes to this descriptor."""
        self._answer, self._answer_ended = None, False
        self._stack.seek(0)
        self._stack.truncate()
        with contextlib.suppress(BrokenPipeError):  # it has ended without ever asking for an answer
            socket.send_fds(self.line, [b"!"], [events])

    def status(self) -> int | None:
        """The answer's, or None where what is heard is that it begins.

        The child's own where that has ended: by the answer, or by the set's tests before there was one.
        """
        said = self._hear()
        if said is None:
            return os.waitpid(self._pid, 0)[1]
        kind, number = said
        if kind == PROCESS:
            self._answer = number
            return None
        self._answer_ended = True
        return number

    def kill_answer(self) -> None:
        """End the answer, where it has begun, and all that it started."""
        if self._answer is not None:
            _kill(self._answer)

    def is_ready_again(self) -> bool:
        """Whether there is somebody to ask, now that the answer was killed; where that had not begun, nobody is."""
        return self._answer is not None and (self._answer_ended or self._hear() is not None)

    def ask_for_stack(self) -> None:
        """Have faulthandler write where it stands, also inside C code: its first thread, and then all of them.

        In this order: of threads that run meanwhile it reads frames that are gone, which ends the process now and then.
        """
        for asks in (signal.SIGUSR1, signal.SIGUSR2):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._answer or self._pid, asks)
            time.sleep(LAST_WORDS)

    def stack(self) -> str:
        """What it wrote: frames, innermost first, those of the first thread before the others'."""
        return _last_bytes(self._stack, MOST_STACK)

    def output(self) -> str:
        """The end of what it printed that nobody captured."""
        return _last_bytes(self._output, TAIL)

    def end(self) -> None:
        """End it and its answer."""
        self.kill_answer()
        _kill(self._pid)
        with contextlib.suppress(ChildProcessError):  # it was waited for
            os.waitpid(self._pid, 0)
        while (said := self._hear()) is not None:
            if said[0] == PROCESS:  # it was just being forked
                _kill(said[1])
        for each in (self.line, self._output, self._stack):
            each.close()

    def _hear(self) -> tuple[bytes, int] | None:
        """The next thing that is said; None when there is nobody left to say one."""
        said = b""
        with contextlib.suppress(ConnectionResetError):
            said = self.line.recv(MESSAGE.size, socket.MSG_WAITALL)
        return MESSAGE.unpack(said) if said else None


def _be_prepared(job: Job, line: socket.socket, output: int, stack: int) -> NoReturn:
    """The child, and every process that it forks: never returns into the worker's own code."""
    from hypothesis.configuration import set_hypothesis_home_dir

    try:
        sys.dont_write_bytecode = True  # nothing is imported from there a second time
        set_hypothesis_home_dir(os.path.join(job.root, ".hypothesis"))
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        events = os.dup(nothing)  # not one of these three, which pytest captures
        faulthandler.register(signal.SIGUSR1, file=stack, all_threads=False)
        faulthandler.register(signal.SIGUSR2, file=stack, all_threads=True)
        os.chdir(job.root)
        judge.run_and_exit(job, events, lambda: _fork_for_each_answer(line, events, output))
    finally:
        os._exit(BROKE_DOWN)


def _fork_for_each_answer(line: socket.socket, events: int, output: int) -> None:
    """Returns in a forked process for each answer, whose events go where they are asked for; in the parent never."""
    printed = {file: os.lseek(file, 0, os.SEEK_END) for file in (output, 1, 2)}  # pytest captures what goes to 1 and 2
    while True:
        _, asked, _, _ = socket.recv_fds(line, 1, 1)
        if not asked:
            os._exit(0)
        pid = _fork()
        if pid == 0:
            break
        os.close(asked[0])
        _, status = os.waitpid(pid, 0)
        line.send(MESSAGE.pack(STATUS, status))
    line.send(MESSAGE.pack(PROCESS, os.getpid()))
    os.setsid()  # not before: until its number is said, it goes with its parent's group
    line.close()
    os.dup2(asked[0], events, inheritable=False)
    os.close(asked[0])
    for file, size in printed.items():  # the answer before wrote to them, too
        with contextlib.suppress(OSError):
            os.ftruncate(file, size)
            os.lseek(file, size, os.SEEK_SET)


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that the set's conftest.py has started
        return os.fork()


def _kill(pid: int) -> None:
    """End a process and its group."""
    for kill in (os.killpg, os.kill):  # it may not have come as far as to have a group of its own
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _new_file() -> BinaryIO:
    return tempfile.TemporaryFile()


def _last_bytes(file: BinaryIO, most: int) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - most, 0))
    return file.read(most).decode("utf-8", "replace")
