"""Judges one answer alone: a temporary folder with the set's own tests, a child process, and a verdict.

What a learner did to the tests in the workspace never decides; only the answer's text comes from there.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from redloop.dojo import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict

PATIENCE = 12.0  # seconds without a sign of life; pytest-timeout ends a test after 5 (the kata's pytest.ini)

DISTURBING = (  # prefixes of environment variables that change what a run of pytest, Python or asyncio does
    *("PYTEST_", "COV_CORE_", "COVERAGE_", "HYPOTHESIS_"),
    *("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONTRACEMALLOC"),
    *("CI", "BUILD_NUMBER"),  # pytest then writes assertions out in full
)


class JudgeError(Exception):
    """The judge itself did not work. That is our fault, or that of the installation; never the answer's."""


class Process(Protocol):
    """A way to have an answer judged."""

    def judge(self, root: Path, exercise: str, module: str, patience: float) -> dict[str, Any]:
        """The reply that `worker` describes."""

    def close(self) -> None:
        """End it."""


class Runner:
    """Judges answers, up to `parallel` at a time, with warm workers that start when they are first needed."""

    def __init__(self, parallel: int = 1, *, warm: bool = hasattr(os, "fork"), patience: float = PATIENCE) -> None:
        self._kind: type[Process] = Warm if warm else Cold
        self._patience = patience
        self._idle: queue.LifoQueue[Process | None] = queue.LifoQueue()
        for _ in range(parallel):
            self._idle.put(None)
        self._parallel = parallel
        self._started: list[Process] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, and whatever they are judging on other threads."""
        self._closed = True
        while self._started:
            self._started.pop().close()

    def judge(self, exercise: Exercise, answer: bytes) -> Verdict:
        """The verdict on `answer`, the text of a module. Raises JudgeError, and SetError for a broken exercise."""
        start = time.monotonic()
        with bench(exercise, answer) as root:
            reply = self._reply(root, exercise)
            reply["output"] = reply["output"].replace(f"{root}{os.sep}", "")
        events = [json.loads(line) for line in reply["events"]]
        return verdict.from_reply(reply, events, exercise.module, seconds=time.monotonic() - start)

    def judge_all(self, answers: Iterable[tuple[Exercise, bytes]]) -> Iterator[Verdict]:
        """The verdicts on many answers, in their order, judged in parallel."""
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(self._parallel))
            stack.callback(pool.shutdown, cancel_futures=True)
            yield from pool.map(lambda each: self.judge(*each), list(answers))

    def _reply(self, root: Path, exercise: Exercise) -> dict[str, Any]:
        process = self._idle.get()
        try:
            while True:
                fresh = process is None
                process = process or self._start()
                try:
                    return process.judge(root, exercise.name, exercise.module, self._patience)
                except JudgeError:  # something killed the worker between two answers
                    process = None
                    if fresh or self._closed:
                        raise
        except BaseException:
            process = None  # it may be in the middle of something
            raise
        finally:
            self._idle.put(process)

    def _start(self) -> Process:
        process = self._kind()
        self._started.append(process)
        return process


@contextmanager
def bench(exercise: Exercise, answer: bytes) -> Iterator[Path]:
    """A temporary folder in which `answer` stands between the set's own tests, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="redloop-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        module = exercise.module
        ignore = shutil.ignore_patterns("__pycache__", "*.md", f"{module}.py")
        shutil.copytree(exercise.folder, root / exercise.name, ignore=ignore)
        (root / exercise.name / f"{module}.py").write_bytes(answer)
        (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        for name in ("pytest.ini", "conftest.py"):
            if (exercise.folder.parent / name).is_file():
                shutil.copyfile(exercise.folder.parent / name, root / name)
        yield root


def environment() -> dict[str, str]:
    """The learner's environment without what changes how pytest, Python or asyncio run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DISTURBING)}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


class Warm:
    """A process that forks a child for each answer: see `worker`."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "redloop.dojo.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(),
            start_new_session=True,  # Ctrl-C is for us; the worker ends when its standard input does
        )
        self._read()

    def judge(self, root: Path, exercise: str, module: str, patience: float) -> dict[str, Any]:
        """The reply that `worker` describes; raises JudgeError where the worker is gone."""
        request = {"root": str(root), "exercise": exercise, "module": module, "patience": patience}
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self._gone()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            self._gone()
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _gone(self) -> NoReturn:
        status = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        self.close()
        last = f" Its last words: {said[-1].strip()}" if said else ""
        raise JudgeError(f"The process that runs the tests has ended with status {status}.{last}")

    def close(self) -> None:
        """End the worker and what it is judging."""
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()


class Cold:
    """A fresh interpreter for each answer, where fork is not to be had."""

    def judge(self, root: Path, exercise: str, module: str, patience: float) -> dict[str, Any]:
        """The reply that `worker` describes. Here `patience` is for each test on average."""
        events = root / "events.jsonl"
        with (root / "output.txt").open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "redloop.dojo.judge", str(root), exercise, module, str(events)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment(),
                start_new_session=True,
            )
            reply: dict[str, Any] = {"stack": ""}
            try:
                status = process.wait(patience * 4)
                reply |= {"ending": "signal" if status < 0 else "exit", "code": abs(status)}
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                reply |= {"ending": "silence", "code": 0}
        told = events.read_text(encoding="utf-8").splitlines() if events.exists() else []
        said = (root / "output.txt").read_bytes()[-4000:].decode("utf-8", "replace")
        return reply | {"events": told, "output": said}

    def close(self) -> None:
        """Nothing is kept between answers."""
