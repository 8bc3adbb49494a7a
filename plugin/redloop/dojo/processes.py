"""The processes in which answers are judged: a warm worker that forks, and a fresh interpreter where it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

if TYPE_CHECKING:
    from redloop.dojo.job import Job

DISTURBING = (  # prefixes of environment variables that change what a run of pytest, Python or asyncio does
    *("PYTEST_", "COV_CORE_", "COVERAGE_", "HYPOTHESIS_"),
    *("PYTHONOPTIMIZE", "PYTHONBREAKPOINT", "PYTHONWARNINGS"),
    *("PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONTRACEMALLOC"),
    *("CI", "BUILD_NUMBER"),  # pytest then writes assertions out in full
)


class JudgeError(Exception):
    """The judge itself did not work. That is our fault, or that of the installation; never the answer's."""


class Process(Protocol):
    """A way to have answers judged, one after the other."""

    folder: Path
    """Where what it judges stands; it goes with the process."""

    def prepare(self, job: Job) -> None:
        """Do all of a job that can be done before there is an answer. Raises JudgeError where the process is gone."""

    def judge(self, patience: float) -> dict[str, Any]:
        """Do the prepared job, its answer being in its place; the reply that `worker` describes. Raises JudgeError."""

    def interrupt(self) -> None:
        """End what is being judged on another thread, if anything is; its reply then says `stopped`."""

    def close(self) -> None:
        """End the process, and what it is judging."""


def environment() -> dict[str, str]:
    """The learner's environment without what changes how pytest, Python or asyncio run.

    What hypothesis computes once for every Python (a table of all characters) is kept in the user's cache folder.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DISTURBING)}
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return kept | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HYPOTHESIS_NO_PLUGINS": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": os.path.join(cache, "redloop", "hypothesis"),
        "PYTHONUTF8": "1",
    }


class Warm:
    """A process that forks a child for each answer: see `worker`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="redloop-"))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "redloop.dojo.worker", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(),
            start_new_session=True,  # Ctrl-C is for us; the worker ends when its standard input does
            bufsize=0,
        )
        self._replies = b""
        self._read()

    def prepare(self, job: Job) -> None:
        """Fork a child, which then waits for the answer."""
        self._ask({"prepare": job.to_json()})

    def judge(self, patience: float) -> dict[str, Any]:
        """Let the child go on; the reply that `worker` describes."""
        self._ask({"judge": patience})
        return self._read()

    def interrupt(self) -> None:
        """End the child. Too late, it changes nothing: requests are read in their order."""
        with suppress(JudgeError):
            self._ask({"stop": True})

    def _ask(self, request: dict[str, Any]) -> None:
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")  # at once: two threads may ask
        except (OSError, ValueError):
            self._gone()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        while b"\n" not in self._replies:
            try:
                more = self._process.stdout.read(1 << 20)
            except (OSError, ValueError):
                more = b""
            if not more:
                self._gone()
            self._replies += more
        line, _, self._replies = self._replies.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _gone(self) -> NoReturn:
        status = self._process.wait()
        said: list[str] = []
        with suppress(ValueError):  # closed by another thread, which knows why
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        self.close()
        last = f" Its last words: {said[-1].strip()}" if said else ""
        raise JudgeError(f"The process that runs the tests has ended with status {status}.{last}")

    def close(self) -> None:
        """End the worker and what it is judging."""
        assert self._process.stdin and self._process.stdout  # noqa: PT018, S101 - pipes were asked for
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        for file in (self._process.stdout, self._errors):
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)  # where it was killed


class Cold:
    """A fresh interpreter for each answer, where fork is not to be had."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="redloop-"))
        self._job: Job | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def prepare(self, job: Job) -> None:
        """Take note of the job; the interpreter starts with the answer."""
        self._job = job

    def judge(self, patience: float) -> dict[str, Any]:
        """The reply that `worker` describes. Here `patience` is for each test on average."""
        assert self._job is not None  # noqa: S101 - prepare comes first
        self._stopped = False
        events, output = (os.path.join(self._job.root, name) for name in ("events.jsonl", "output.txt"))
        with open(output, "wb") as file:
            self._running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "redloop.dojo.judge", json.dumps(self._job.to_json()), events],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment(),
                start_new_session=True,
            )
            reply: dict[str, Any] = {"stack": ""}
            try:
                status = self._running.wait(patience * 4)
                reply |= {"ending": "signal" if status < 0 else "exit", "code": abs(status)}
            except subprocess.TimeoutExpired:
                self._end()
                reply |= {"ending": "silence", "code": 0}
        if self._stopped:
            reply |= {"ending": "stopped"}
        return reply | {"events": _text(events).splitlines(), "output": _text(output)[-4000:]}

    def interrupt(self) -> None:
        """Kill the interpreter."""
        self._stopped = True
        self._end()

    def close(self) -> None:
        """Nothing is kept between answers."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
