"""A warm worker: a process that has pytest imported and forks a child for every answer.

Started by `processes` as `python -P -m redloop.dojo.worker`. It reads one request a line from standard input:

    {"prepare": job}      fork a child that gets as far as it can without the answer, and then waits
    {"judge": 10.0}       let it go on; a child that shows no sign of life for so many seconds is ended
    {"stop": true}        end it; nothing where none is being judged

and writes one reply a line for each judgement:

    {"ending": "exit" | "signal" | "silence" | "stopped", "code": 0, "events": […], "stack": "", "output": ""}

A sign of life is a test that starts or ends. A child is killed with its whole process group. When standard input ends,
the reader is gone, and the worker kills what runs and ends as well.

A fresh interpreter takes most of its time for imports, a forked child for pytest's own start; a prepared one has both
behind it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import io
import json
import os
import select
import signal
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from redloop.dojo import judge
from redloop.dojo.job import Job
from redloop.dojo.verdict import BROKE_DOWN

TAIL = 4000  # bytes of a crashed child's output that are worth showing
LAST_WORDS = 0.3  # seconds a silent child gets to write down where it stands
FINISHED = b'{"event": "finished"'  # in nothing else: quotes inside a text are escaped
STOP = b'{"stop"'

# Imports what an exercise needs, by way of pytest, so that everything is rewritten and cached as in a real run.
SAMPLE = """
import asyncio, contextlib, contextvars, concurrent.futures, gc, logging, random, subprocess, threading, time, weakref
import pytest
from hypothesis import given, strategies as st

@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 9)), st.lists(st.floats()), st.randoms())
async def test_async(things, numbers, random):
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0))

async def test_red(stopwatch):
    with stopwatch():
        await asyncio.sleep(0)
    assert [1, 2] == [1, 3], "imports what a failure needs"

@pytest.mark.redloop(schedules=2)
async def test_explored():
    await asyncio.sleep(0)
"""
SAMPLE_INI = """[pytest]
asyncio_mode = auto
asyncio_default_test_loop_scope = module
asyncio_default_fixture_loop_scope = module
redloop_clock = virtual
redloop_blocking = error
redloop_calls = tests
redloop_leaks = error
timeout = 60
addopts = --hypothesis-profile=kata
"""


def warm_up() -> None:
    """Run a small test session in this process, for its imports."""
    with tempfile.TemporaryDirectory(prefix="redloop-") as folder:
        root = Path(folder).resolve()
        (root / "pytest.ini").write_text(SAMPLE_INI, encoding="utf-8")
        (root / "sample").mkdir()
        (root / "sample" / "test_redloop_sample.py").write_text(SAMPLE, encoding="utf-8")
        before = list(sys.path)
        with contextlib.chdir(root), contextlib.redirect_stdout(io.StringIO()):
            judge.run(Job(str(root), "sample", "sample"), os.devnull, lambda: None)
        sys.path[:] = before
        sys.modules.pop("test_redloop_sample", None)
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page


@dataclass(frozen=True, slots=True)
class Child:
    """A forked child: `events` is what it tells, and a byte in `go` tells it that the answer is in its place."""

    pid: int
    root: Path
    events: int
    go: int


class Worker:
    """Answers requests, one at a time."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._unread = b""
        self._child: Child | None = None
        self._woken, wake = os.pipe()
        for descriptor in (self._woken, wake):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Judge until the requests end."""
        self._reply({"ready": True})
        while (request := self._request()) is not None:
            if "prepare" in request:
                self._end()
                self._child = self._fork(Job.from_json(request["prepare"]))
            elif "judge" in request:
                self._reply(self._judge(request["judge"]))
                self._end()
        self._end()

    def _request(self) -> dict[str, Any] | None:
        while b"\n" not in self._unread:
            if not self._more_requests():
                return None
        line, _, self._unread = self._unread.partition(b"\n")
        request: dict[str, Any] = json.loads(line)
        return request

    def _more_requests(self) -> bool:
        more = os.read(self._requests, 65536)
        self._unread += more
        return bool(more)

    def _reply(self, reply: dict[str, Any]) -> None:
        data = json.dumps(reply).encode() + b"\n"
        while data:
            data = data[os.write(self._replies, data) :]

    def _judge(self, patience: float) -> dict[str, Any]:
        child = self._child
        assert child is not None  # noqa: S101 - a job was prepared before
        with contextlib.suppress(BrokenPipeError):  # it has ended without ever asking for the answer
            os.write(child.go, b"!")
        told: list[bytes] = []
        ending = self._watch(child, told, patience)
        reply = {
            "events": b"".join(told).decode("utf-8", "replace").splitlines(),
            "stack": _stack(child.root / "stack.txt") if ending["ending"] == "silence" else "",
            "output": _tail(child.root / "output.txt"),
        }
        return reply | ending

    def _watch(self, child: Child, told: list[bytes], patience: float) -> dict[str, Any]:
        """Collect what the child tells until it ends, or has to be ended; the reply's `ending` and `code`."""
        silent_since = time.monotonic()
        while True:
            left = silent_since + patience - time.monotonic()
            ready, _, _ = select.select([child.events, self._woken, self._requests], [], [], max(left, 0))
            if news := _drain(child.events):
                told.append(news)
                silent_since = time.monotonic()
                if FINISHED in news:  # its process takes a moment to go
                    return {"ending": "exit", "code": 0}
            _drain(self._woken)
            ended, status = os.waitpid(child.pid, os.WNOHANG)
            if ended:
                told.append(_drain(child.events))
                if os.WIFSIGNALED(status):
                    return {"ending": "signal", "code": os.WTERMSIG(status)}
                return {"ending": "exit", "code": os.WEXITSTATUS(status)}
            if self._requests in ready:
                if not self._more_requests():
                    self._end()
                    sys.exit(0)
                if STOP in self._unread:
                    return {"ending": "stopped", "code": 0}
            if left <= 0:
                with contextlib.suppress(ProcessLookupError):  # faulthandler writes its stacks, even inside C code
                    os.kill(child.pid, signal.SIGUSR1)
                    time.sleep(LAST_WORDS)
                told.append(_drain(child.events))
                return {"ending": "silence", "code": 0}

    def _end(self) -> None:
        """End the child, and what the answer itself started, if it has not ended yet."""
        child, self._child = self._child, None
        if child is None:
            return
        for descriptor in (child.events, child.go):
            os.close(descriptor)
        try:
            ended, _ = os.waitpid(child.pid, os.WNOHANG)
        except ChildProcessError:  # it was waited for
            ended = child.pid
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        if not ended:
            os.kill(child.pid, signal.SIGKILL)  # it may not have come as far as to have a group of its own
            os.waitpid(child.pid, 0)

    def _fork(self, job: Job) -> Child:
        (events, out), (answer, go) = os.pipe(), os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # our sampler's thread is parked, and holds no lock
            pid = os.fork()
        if pid == 0:
            os.close(events)
            os.close(go)
            self._be_child(job, out, answer)
        os.close(out)
        os.close(answer)
        os.set_blocking(events, False)
        return Child(pid, Path(job.root), events, go)

    def _be_child(self, job: Job, events: int, answer: int) -> NoReturn:
        """The forked child: never returns into the worker's own code."""
        from hypothesis.configuration import set_hypothesis_home_dir

        def wait() -> None:
            if not os.read(answer, 1):
                os._exit(0)  # nobody wants this any more

        try:
            sys.dont_write_bytecode = True  # nothing is imported from there a second time
            set_hypothesis_home_dir(os.path.join(job.root, ".hypothesis"))
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self._requests, self._replies, self._woken):
                os.close(descriptor)
            nothing = os.open(os.devnull, os.O_RDONLY)
            output = os.open(os.path.join(job.root, "output.txt"), os.O_WRONLY | os.O_CREAT, 0o600)
            for source, target in ((nothing, 0), (output, 1), (output, 2)):
                os.dup2(source, target)
            stack = open(os.path.join(job.root, "stack.txt"), "w", encoding="utf-8")  # noqa: SIM115 - as long as we live
            faulthandler.register(signal.SIGUSR1, file=stack, all_threads=True)
            os.chdir(job.root)
            judge.run_and_exit(job, events, wait)
        finally:
            os._exit(BROKE_DOWN)


def _drain(descriptor: int) -> bytes:
    told = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 65536):
            told += more
    return told


def _stack(path: Path) -> str:
    """What faulthandler wrote: the current thread's frames, innermost first."""
    return path.read_text(encoding="utf-8", errors="replace")[:20_000] if path.exists() else ""


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - TAIL, 0))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def main() -> None:
    """Serve on standard input and output, which nothing else may then use."""
    replies = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    warm_up()
    Worker(0, replies).serve()


if __name__ == "__main__":
    main()
