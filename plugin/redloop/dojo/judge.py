"""Runs inside the child process: pytest over one answer, and every event told as a line of JSON.

This module and `worker` are the only ones of the dojo that import pytest. Events are written as they happen, so that
what was seen before a hang or a crash is not lost:

    collected {tests}              started {test}              broken {…}: the test module could not be imported
    report {test, when, outcome, seconds, text, printed}       raised {test, …}: the exception behind a failed report
    measured {tests: what --redloop-json says}                 finished {status}: pytest's exit status
"""

from __future__ import annotations

import gc
import importlib
import json
import linecache
import os
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic  # an answer may replace it
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from redloop.dojo import raised
from redloop.dojo.job import Job
from redloop.dojo.verdict import BROKE_DOWN

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Emit = Callable[..., None]

# What a run of an exercise consists of. Nothing else that is installed is loaded: a learner's environment may hold
# plugins that shuffle, distribute or trace tests. A set that needs one more says `-p name` in its pytest.ini.
# By the names of their entry points, which is what plugins ask for when they look for each other.
PLUGINS = ("asyncio", "timeout", "hypothesispytest", "redloop.pytest_plugin")
LONGEST_TEXT = 4000  # characters; a repr of a huge list explains nothing
MOST_AHEAD = 1 << 20  # bytes told before there is an answer
IMPATIENT = 1  # seconds for each test that comes after one that was stopped: an endless answer hangs in them all
MOST_MEMORY = 4 << 30  # bytes of address space: more is a MemoryError, and the computer stays usable


def arguments(job: Job) -> list[str]:
    """What pytest is told for the folder `job.exercise` below `job.root`, which has the set's pytest.ini."""
    root = Path(job.root)
    return [
        str(root / job.exercise),
        f"--rootdir={root}",
        f"--config-file={root / 'pytest.ini'}",
        f"--basetemp={root / 'tmp'}",
        f"--redloop-json={root / 'measured.json'}",
        f"--redloop-timeline={'all' if job.timeline else 'never'}",
        "--import-mode=prepend",
        "--tb=native",  # the cheapest; the texts that a learner sees are made from the exceptions
        "--color=no",
        "--no-header",
        "--no-summary",
        "-pno:cacheprovider",
        *(f"-p{name}" for name in PLUGINS),
    ]


def run(job: Job, events: int | str, wait: Callable[[], None] | None = None) -> int:
    """Judge the answer; returns pytest's exit status.

    `events` is a path, or a file descriptor, that this function writes the events to. `wait` returns when the answer
    is in its place: until the tests import it, there need not be one.
    """
    root = Path(job.root)
    gate = Gate(job.module, wait)
    with open(events, "w", encoding="utf-8", buffering=MOST_AHEAD) as out:

        def emit(event: str, **data: object) -> None:
            if os.getpid() != gate.process:  # the answer has forked, and this copy would write where the judge does
                os._exit(0)
            out.write(json.dumps({"event": event, **data}) + "\n")
            if gate.is_open:  # what is told ahead is every answer's own
                out.flush()

        recorder = Recorder(emit, job, gate)
        try:
            status = int(pytest.main(arguments(job), plugins=[recorder]))
        except SystemExit as stop:  # pytest lets one through that was raised while it imported the tests
            emit("broken", **recorder.describe(stop))
            status = int(pytest.ExitCode.INTERRUPTED)
        gate.open()
        measured = root / "measured.json"
        if measured.exists():
            emit("measured", tests=json.loads(measured.read_text(encoding="utf-8"))["tests"])
        emit("finished", status=status)
    return status


class Gate:
    """Stops pytest right before it imports the answer, or runs the first test, until there is an answer.

    So whatever comes before that (pytest's start, its plugins, the rewriting of the test module's assertions) can be
    done ahead. It stands in front of the other finders of `sys.meta_path`, finds nothing, and leaves once it was open.
    """

    def __init__(self, module: str, wait: Callable[[], None] | None) -> None:
        self._module = module
        self._wait = wait
        self.process = os.getpid()
        """The one that judges: `wait` may return in another."""
        if wait is not None:
            sys.meta_path.insert(0, self)

    @property
    def is_open(self) -> bool:
        """Whether there is an answer."""
        return self._wait is None

    def find_spec(self, name: str, *_: object) -> None:
        """Called for every module that is imported and was not before."""
        if name == self._module:
            self.open()

    def open(self) -> None:
        """Wait for the answer, the first time that this is called."""
        if self._wait is None:
            return
        wait, self._wait = self._wait, None
        sys.meta_path.remove(self)
        gc.freeze()  # what there is by now is not the answer's, and need not be looked through for its garbage
        wait()
        self.process = os.getpid()
        importlib.invalidate_caches()  # the answer's folder was looked into before the answer was there


def run_and_exit(*arguments: Any) -> NoReturn:
    """`run` in a process that ends with it, whatever the answer did to the process."""
    status = BROKE_DOWN
    try:
        _limit_memory()
        status = run(*arguments)
    except BaseException as error:  # noqa: BLE001 - it closed files or replaced functions that pytest or we need
        with suppress(OSError):
            os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(status)  # no atexit: a thread that the answer left behind would keep us


def _limit_memory() -> None:
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        with suppress(OSError, ValueError):  # not every system has it
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Recorder:
    """A pytest plugin that tells what happens. Whether the test is to blame or the answer is judged later."""

    def __init__(self, emit: Emit, job: Job, gate: Gate) -> None:
        self._emit = emit
        self._root = job.root
        self._answer = os.path.join(job.root, job.exercise, f"{job.module}.py")
        self._tests = frozenset(job.tests)
        self._gate = gate
        self._stopped = False  # whether a test was, by its time-out

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests that nobody asked for."""
        if self._tests:
            items[:] = [item for item in items if _name(item.nodeid) in self._tests]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """The tests begin."""
        self._gate.open()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Name the tests."""
        self._emit("collected", tests=[_name(item.nodeid) for item in session.items])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Before pytest-timeout reads how long the test may take."""
        timeout = float(item.config.getini("timeout") or "inf")
        self._late = monotonic() + timeout
        if self._stopped:
            item.add_marker(pytest.mark.timeout(min(IMPATIENT, timeout)), append=False)
        return (yield)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self._emit("started", test=_name(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase of a test has ended, flags considered."""
        self._stopped = self._stopped or (report.failed and monotonic() >= self._late)
        self._emit(
            "report",
            test=_name(report.nodeid),
            when=report.when,
            outcome=report.outcome,
            seconds=report.duration,
            text=_skipped_because(report) or (self._tidy(report.longreprtext) if report.failed else ""),
            printed=self._tidy(report.capstdout[:LONGEST_TEXT]) if report.failed else "",
        )

    def pytest_exception_interact(
        self,
        node: pytest.Item | pytest.Collector,
        call: pytest.CallInfo[object],
    ) -> None:
        """Tell what was raised in a test or while the tests were imported."""
        assert call.excinfo is not None  # noqa: S101 - pytest's promise
        error = call.excinfo.value
        if isinstance(node, pytest.Item):
            self._emit("raised", test=_name(node.nodeid), **self.describe(error))
        else:
            self._emit("broken", **self.describe(_cause(error)))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """The answer raised KeyboardInterrupt: nobody else can."""
        self._emit("broken", **self.describe(excinfo.value))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Something went through pytest that it does not catch."""
        self._emit("broken", **self.describe(excinfo.value))

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The exception as plain values: types and texts of what is inside it, and the lines that it passed."""
        leaves = list(raised.leaves(error))
        test, answer = self._positions(error, leaves)
        return {
            "types": [raised.type_name(leaf) for leaf in leaves],
            "message": self._tidy("\n".join(raised.text(leaf) for leaf in leaves)),
            "notes": [self._tidy(note) for note in getattr(error, "__notes__", ())],
            "in_test": test,
            "in_answer": answer,
        }

    def _positions(self, error: BaseException, leaves: list[BaseException]) -> tuple[Any, Any]:
        """The innermost line of a test file and of the answer that the exception passed, or None each."""
        lines = [line for each in (error, *leaves) for line in raised.lines(each.__traceback__)]
        if isinstance(error, SyntaxError) and error.filename:
            lines.append((error.filename, error.lineno or 0))
        inside = [(name, lineno) for name, lineno in lines if name.startswith(f"{self._root}{os.sep}")]
        answer = [line for line in inside if line[0] == self._answer]
        test = [line for line in inside if Path(line[0]).name.startswith("test_")]
        return self._position(test), self._position(answer)

    def _position(self, lines: list[tuple[str, int]]) -> dict[str, Any] | None:
        if not lines:
            return None
        filename, lineno = lines[-1]
        text = linecache.getline(filename, lineno).strip()
        return {"filename": self._tidy(filename), "lineno": lineno, "text": text}

    def _tidy(self, text: str) -> str:
        """Paths from the exercise's folder on, as a learner knows them; not too long; nothing that JSON cannot hold."""
        text = text.replace(f"{self._root}{os.sep}", "")
        if len(text) > LONGEST_TEXT:
            text = f"{text[:LONGEST_TEXT]} … ({len(text) - LONGEST_TEXT:,} characters more)"
        return text.encode("utf-8", "replace").decode("utf-8")


def _name(nodeid: str) -> str:
    return nodeid.partition("::")[2] or nodeid


def _skipped_because(report: pytest.TestReport) -> str:
    """The reason given for a skip; pytest keeps it with the place. An expected failure has its reason elsewhere."""
    return report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""


def _cause(error: BaseException) -> BaseException:
    """What made the collection fail: pytest wraps import and syntax errors."""
    wrapped = isinstance(error, pytest.Collector.CollectError) and error.__cause__
    return wrapped or error


if __name__ == "__main__":  # the way without a warm worker
    job = Job.from_json(json.loads(sys.argv[1]))
    os.chdir(job.root)
    run_and_exit(job, sys.argv[2])
