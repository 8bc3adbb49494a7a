"""A pytest plugin that tells what happens to an answer, as events; which there are, `judge` says."""

from __future__ import annotations

import linecache
import os
import pdb  # noqa: T100 - to put another one in its place
from pathlib import Path
from time import monotonic  # an answer may replace it
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from redloop.dojo import raised

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from redloop.dojo.job import Job

    Emit = Callable[..., None]

LONGEST_TEXT = 4000  # characters; a repr of a huge list explains nothing
IMPATIENT = 1  # seconds for each test that comes after one that was stopped: an endless answer hangs in them all


class Witness:
    """Whether the test is to blame or the answer is judged later. `begin` is called before the first test."""

    def __init__(self, emit: Emit, job: Job, begin: Callable[[], None]) -> None:
        self._emit = emit
        self._root = job.root
        self._answer = os.path.join(job.root, job.exercise, f"{job.module}.py")
        self._tests = frozenset(job.tests)
        self._begin = begin
        self._exercise = job.exercise
        self._stopped = False  # whether a test was, by its time-out

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """After pytest has put its own debugger there, which it takes away again at the end."""
        pdb.set_trace = self._no_debugger

    def _no_debugger(self, *_: object, **__: object) -> NoReturn:
        """What `breakpoint()` calls: a debugger that nobody can answer would end in the middle of itself."""
        raise RuntimeError(
            f"there is no terminal for a debugger here. `pytest {self._exercise}` has one, "
            "and what you print(…) is shown below what fails"
        )

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests that nobody asked for."""
        if self._tests:
            items[:] = [item for item in items if _name(item.nodeid) in self._tests]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """The tests begin."""
        self._begin()

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

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[object]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A test of the set may skip itself, and an answer no test; nor is a failure better for being expected."""
        error = call.excinfo and call.excinfo.value  # now: unittest.SkipTest becomes another one
        report = yield
        if report.skipped and error is not None and (self._is_from_answer(error) or hasattr(report, "wasxfail")):
            told = self.describe(error)
            report.outcome = "failed"
            report.longrepr = told["message"]
            report.__dict__.pop("wasxfail", None)
            self._emit("raised", test=_name(item.nodeid), **told)
        return report

    def _is_from_answer(self, error: BaseException) -> bool:
        """Whether it was raised there, and not by what the tests have given to the answer."""
        inside = [name for name, _ in raised.lines(error.__traceback__) if name.startswith(f"{self._root}{os.sep}")]
        return inside[-1:] == [self._answer]

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
