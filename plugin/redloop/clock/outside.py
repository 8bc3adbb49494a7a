"""What outside this loop may still wake it: threads, processes, pipes, sockets whose peer is elsewhere."""

# ruff: noqa: SLF001 - asyncio and concurrent.futures keep to themselves what they wait for

from __future__ import annotations

import _thread
import concurrent.futures.thread
import signal
import sys
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redloop.clock.children import Children
from redloop.clock.sockets import Sockets
from redloop.frames import local_names
from redloop.threads import current_frames
from redloop.whose import OURS

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Iterator
    from types import FrameType

# Ours, pytest-timeout's, a debugger's, and threads whose work is counted as a job or a process already.
_HELPERS = ("redloop", "pytest_timeout", "pydevd", "asyncio-waitpid-", "QueueFeederThread")


@dataclass(frozen=True, slots=True)
class Work:
    """Something outside the loop. `lasts`: it may be silent for as long as it likes; a foreign thread may not.

    `thread`: that one's identity.
    """

    what: str
    lasts: bool
    thread: int | None = None


class Outside:
    """Looks round for outside work, each time that a loop has nothing to do.

    Threads and processes older than it do not count.
    """

    def __init__(self) -> None:
        self.sockets = Sockets()
        self._ignored = weakref.WeakSet(threading.enumerate())
        self._jobs: weakref.WeakSet[asyncio.Future[Any]] = weakref.WeakSet()
        self._transports: weakref.WeakSet[asyncio.SubprocessTransport] = weakref.WeakSet()
        self._children = Children()
        self._used = False

    @property
    def met(self) -> bool:
        """Whether there has ever been any: a job, a process, a thread that called, more than the loop's own socket."""
        return self._used or self.sockets.more_than_own

    def add_job(self, future: asyncio.Future[Any]) -> None:
        """Count `future`, which a thread or a process will resolve, as outside work until it is done."""
        self._used = True
        self._jobs.add(future)

    def add_child(self, transport: asyncio.SubprocessTransport) -> None:
        """Count a child process of asyncio's as outside work until the loop knows that it has ended."""
        self._used = True
        self._transports.add(transport)

    def heard_from(self, thread: threading.Thread) -> None:
        """Count `thread`, though it is older than the loop: it has just shown that it knows the loop."""
        self._used = True
        self._ignored.discard(thread)

    def work(self, watched: Collection[int]) -> list[Work]:
        """All outside work that there is now; `watched` are the file descriptors that the loop looks at."""
        children = self._children.at_work()
        found = [Work("an alarm of signal.setitimer", lasts=True)] if _alarm_is_set() else []
        if not (watched or self._used or children or _thread._count()):  # the main thread is not counted
            self.sockets.pairs = []
            return found
        found += [Work(what, lasts=True) for what in self.sockets.outside(watched)]
        if children:
            self._used = True  # the last that one of them does may be to wake the loop
        if self._used:
            children.update(child.get_pid() for child in self._transports if _runs(child))
            found += [Work(f"the process {pid}" if pid else "a process", lasts=True) for pid in sorted(children)]
        if any(not job.done() for job in self._jobs):
            # One that no thread works on is either about to be taken up, or will never be done.
            found.append(Work("a job for another thread or process", lasts=any(map(_busy, threading.enumerate()))))
        if threading.active_count() > 1:
            foreign = filter(_busy, self._foreign())
            found += [Work(f"the thread {thread.name!r}", lasts=False, thread=thread.ident) for thread in foreign]
        return list(dict.fromkeys(found))  # a child of asyncio's is watched by a file descriptor, too

    def _foreign(self) -> Iterator[threading.Thread]:
        for thread in threading.enumerate():
            if thread not in self._ignored:
                if _is_helper(thread):
                    self._ignored.add(thread)
                else:
                    yield thread


def _alarm_is_set() -> bool:
    """Whether a handler of the suite's will be called in real time: pytest-timeout's only ends the test."""
    if signal.getitimer(signal.ITIMER_REAL)[0] == 0:
        return False
    handler = signal.getsignal(signal.SIGALRM)
    return callable(handler) and not str(getattr(handler, "__module__", "")).startswith(_HELPERS)


def _runs(child: asyncio.SubprocessTransport) -> bool:
    return child.get_returncode() is None


def _is_helper(thread: threading.Thread) -> bool:
    # Python does not see a dummy's thread end.
    return thread.name.startswith(_HELPERS) or isinstance(thread, threading._DummyThread)


def _busy(thread: threading.Thread) -> bool:
    """Whether `thread` may be at work: neither this one, nor a helper, nor an executor's that waits for a job."""
    if thread is threading.current_thread() or _is_helper(thread):
        return False
    process = sys.modules.get("concurrent.futures.process")
    if process is not None and isinstance(thread, process._ExecutorManagerThread):
        return bool(thread.pending_work_items)
    frames = current_frames()
    # Without this very frame: in a circle with its own variable, it would keep all of them.
    frames.pop(threading.get_ident(), None)
    worker = frames.get(thread.ident or 0)
    return not _waits_for_a_job(worker) or _job_handed_out(frames, worker)


def _waits_for_a_job(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back  # the detector of blocking calls may stand round the queue's `get`
    return frame is not None and frame.f_code is concurrent.futures.thread._worker.__code__


def _job_handed_out(frames: dict[int, FrameType], worker: FrameType | None) -> bool:
    """Whether one of the workers of `worker`'s executor has a job that it has not begun.

    `submit` takes one off the executor's count of idle workers at once, the worker's stack shows it only later.
    """
    while worker is not None and "executor_reference" not in local_names(worker):
        worker = worker.f_back
    executor = local_names(worker)["executor_reference"]() if worker is not None else None
    if executor is None:
        return False
    waiting = sum(_waits_for_a_job(frames.get(thread.ident or 0)) for thread in list(executor._threads))
    return bool(executor._work_queue.qsize() > 0 or waiting > executor._idle_semaphore._value)
