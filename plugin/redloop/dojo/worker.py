"""A warm worker: a process that has pytest imported and forks a child for every answer.

Started by `runner` as `python -P -m redloop.dojo.worker`. It reads one request a line from standard input and writes
one reply a line, both JSON:

    {"root": folder, "exercise": "04_sequential_await", "module": "dashboard", "patience": 10.0}
    {"ending": "exit" | "signal" | "silence", "code": 0, "events": […], "stack": "", "output": ""}

A child that shows no sign of life (a test that starts or ends) for `patience` seconds is killed with its whole process
group. When standard input ends, the reader is gone, and the worker kills what runs and ends as well.

Forking takes 0.10 s to a verdict where a fresh interpreter takes 0.26 s, most of it imports.
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
from pathlib import Path
from typing import Any, NoReturn

from redloop.dojo import judge

TAIL = 4000  # bytes of a crashed child's output that are worth showing
LAST_WORDS = 0.3  # seconds a silent child gets to write down where it stands

# Imports what an exercise needs, by way of pytest, so that everything is rewritten and cached as in a real run.
SAMPLE = """
import asyncio, contextlib, contextvars, concurrent.futures, gc, logging, random, subprocess, threading, time, weakref
from hypothesis import given, strategies as st

@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 9)), st.lists(st.floats()), st.randoms())
async def test_async(things, numbers, random):
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0))

async def test_red(stopwatch):
    with stopwatch():
        await asyncio.sleep(0)
    assert [1, 2] == [1, 3], "imports what a failure needs"
"""
SAMPLE_INI = "[pytest]\nasyncio_mode = auto\ntimeout = 60\naddopts = --hypothesis-profile=kata\n"


def warm_up() -> None:
    """Run a small test session in this process, for its imports."""
    with tempfile.TemporaryDirectory(prefix="redloop-") as folder:
        root = Path(folder).resolve()
        (root / "pytest.ini").write_text(SAMPLE_INI, encoding="utf-8")
        (root / "sample").mkdir()
        (root / "sample" / "test_redloop_sample.py").write_text(SAMPLE, encoding="utf-8")
        before = list(sys.path)
        with contextlib.chdir(root), contextlib.redirect_stdout(io.StringIO()):
            judge.run(root, "sample", "sample", os.devnull)
        sys.path[:] = before
        sys.modules.pop("test_redloop_sample", None)
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page


class Worker:
    """Answers requests, one at a time."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._unread = b""
        self._woken, wake = os.pipe()
        for descriptor in (self._woken, wake):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Judge until the requests end."""
        self._reply({"ready": True})
        while (line := self._request()) is not None:
            self._reply(self._judge(**json.loads(line)))

    def _request(self) -> bytes | None:
        while b"\n" not in self._unread:
            more = os.read(self._requests, 65536)
            if not more:
                return None
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _reply(self, reply: dict[str, Any]) -> None:
        data = json.dumps(reply).encode() + b"\n"
        while data:
            data = data[os.write(self._replies, data) :]

    def _judge(self, root: str, exercise: str, module: str, patience: float) -> dict[str, Any]:
        events, out = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._child(Path(root), exercise, module, out)
        os.close(out)
        os.set_blocking(events, False)
        try:
            told, status = self._watch(pid, events, patience)
        finally:
            os.close(events)
            _kill_group(pid, signal.SIGKILL)  # what the answer itself started
        reply: dict[str, Any] = {"events": told.decode("utf-8", "replace").splitlines(), "stack": "", "output": ""}
        if status is None:
            reply |= {"ending": "silence", "code": 0, "stack": _stack(Path(root, "stack.txt"))}
        elif os.WIFSIGNALED(status):
            reply |= {"ending": "signal", "code": os.WTERMSIG(status)}
        else:
            reply |= {"ending": "exit", "code": os.WEXITSTATUS(status)}
        return reply | {"output": _tail(Path(root, "output.txt"))}

    def _watch(self, pid: int, events: int, patience: float) -> tuple[bytes, int | None]:
        """Collect what the child tells until it ends; the wait status, or None where it had to be killed."""
        told = b""
        silent_since = time.monotonic()
        while True:
            left = silent_since + patience - time.monotonic()
            ready, _, _ = select.select([events, self._woken, self._requests], [], [], max(left, 0))
            if news := _drain(events):
                told += news
                silent_since = time.monotonic()
            _drain(self._woken)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return told + _drain(events), status
            if self._requests in ready and not self._more_requests():
                _kill_group(pid, signal.SIGKILL)
                sys.exit(0)
            if left <= 0:
                return told + self._stop(pid, events), None

    def _more_requests(self) -> bool:
        more = os.read(self._requests, 65536)
        self._unread += more
        return bool(more)

    def _stop(self, pid: int, events: int) -> bytes:
        """Let a silent child write its stacks (faulthandler does it even inside C code), then kill it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)
            time.sleep(LAST_WORDS)
        _kill_group(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return _drain(events)

    def _child(self, root: Path, exercise: str, module: str, events: int) -> NoReturn:
        """The forked child: never returns into the worker's own code."""
        status = 70  # EX_SOFTWARE: our own fault
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self._requests, self._replies, self._woken):
                os.close(descriptor)
            nothing = os.open(os.devnull, os.O_RDONLY)
            output = os.open(root / "output.txt", os.O_WRONLY | os.O_CREAT, 0o600)
            for source, target in ((nothing, 0), (output, 1), (output, 2)):
                os.dup2(source, target)
            stack = (root / "stack.txt").open("w", encoding="utf-8")
            faulthandler.register(signal.SIGUSR1, file=stack, all_threads=True)
            os.chdir(root)
            status = judge.run(root, exercise, module, events)
        finally:
            os._exit(status)  # no atexit: a thread that the answer left behind would keep us


def _drain(descriptor: int) -> bytes:
    told = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 65536):
            told += more
    return told


def _kill_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


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
    sys.dont_write_bytecode = True
    replies = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    warm_up()
    Worker(0, replies).serve()


if __name__ == "__main__":
    main()
