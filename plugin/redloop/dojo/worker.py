"""A warm worker: a process that has pytest imported, and forks instead of starting it for every answer.

Started by `processes` as `python -P -m redloop.dojo.worker FOLDER`. It reads one request a line from standard input:

    {"prepare": job}      fork a child that gets as far as it can without an answer, and then waits
    {"judge": 10.0}       let it go on with the answer; where that shows no sign of life for so many seconds, end it
    {"stop": true}        end it; nothing where none is being judged

and writes one reply a line for each judgement:

    {"ending": "exit" | "signal" | "silence" | "stopped", "code": 0, "events": […], "stack": "", "output": ""}

A sign of life is a test that starts or ends. An answer is killed with its whole process group. When standard input
ends, the reader is gone, and the worker kills what runs, removes FOLDER with all that is in it, and ends as well. The
reader cannot be relied on to tidy up: somebody may have closed its window.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import select
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from redloop.dojo import judge
from redloop.dojo.job import Job
from redloop.dojo.prepared import Prepared

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


def warm_up(folder: str) -> None:
    """Run a small test session in this process, in a folder below that one, for its imports."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        root = Path(inside).resolve()
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


class Worker:
    """Answers requests, one at a time."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._unread = b""
        self._job: Job | None = None
        self._prepared: Prepared | None = None

    def serve(self) -> None:
        """Judge until the requests end."""
        self._reply({"ready": True})
        while (request := self._request()) is not None:
            if "prepare" in request:
                self._end()
                self._job = Job.from_json(request["prepare"])
                self._prepared = self._prepare(self._job)
            elif "judge" in request:
                self._reply(self._judge(request["judge"]))
                if self._prepared is not None and not self._prepared.is_ready_again():
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
        assert self._job is not None  # noqa: S101 - a job was prepared before
        self._prepared = child = self._prepared or self._prepare(self._job)
        events, out = os.pipe()
        os.set_blocking(events, False)
        child.ask(out)
        os.close(out)
        told: list[bytes] = []
        ending = self._watch(child, events, told, patience)
        told.append(_drain(events))
        os.close(events)
        child.kill_answer()  # before anybody is told: where it writes is where the next answer comes
        reply = {
            "events": b"".join(told).decode("utf-8", "replace").splitlines(),
            "stack": child.stack() if ending["ending"] == "silence" else "",
            "output": child.output(),
        }
        return reply | ending

    def _watch(self, child: Prepared, events: int, told: list[bytes], patience: float) -> dict[str, Any]:
        """Collect what an answer tells until it ends, or has to be ended; the reply's `ending` and `code`."""
        silent_since = time.monotonic()
        while True:
            left = silent_since + patience - time.monotonic()
            ready, _, _ = select.select([events, child.line.fileno(), self._requests], [], [], max(left, 0))
            if news := _drain(events):
                told.append(news)
                silent_since = time.monotonic()
                if FINISHED in news:  # its process takes a moment to go
                    return {"ending": "exit", "code": 0}
            if child.line.fileno() in ready and (status := child.status()) is not None:
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
                child.ask_for_stack()
                return {"ending": "silence", "code": 0}

    def _prepare(self, job: Job) -> Prepared:
        return Prepared(job, not_for_it=(self._requests, self._replies))

    def _end(self) -> None:
        child, self._prepared = self._prepared, None
        if child is not None:
            child.end()


def _drain(descriptor: int) -> bytes:
    told = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 65536):
            told += more
    return told


def main() -> None:
    """Serve on standard input and output, which nothing else may then use."""
    folder = sys.argv[1]
    replies = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        warm_up(folder)
        Worker(0, replies).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
