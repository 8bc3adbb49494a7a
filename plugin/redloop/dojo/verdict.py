"""What judging one answer came to, as plain records: from the judge's events to a `Verdict`. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from redloop.record import BlockingCall, Leak, Record, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Ending = Literal["passed", "failed", "error", "hung", "crashed", "no report"]


@dataclass(frozen=True, slots=True)
class Position(Record):
    """A line of code. `filename` starts at the exercise's folder: `04_sequential_await/dashboard.py`."""

    filename: str
    lineno: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.filename}:{self.lineno}"


@dataclass(frozen=True, slots=True)
class Problem(Record):
    """An exception. `types` are those of its leaves, where it is a group; `in_answer` is where it left the answer."""

    types: tuple[str, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()
    in_test: Position | None = None
    in_answer: Position | None = None

    @property
    def reason(self) -> str:
        """What kind of failure this is: `assertion`, the name of a diagnosis of ours, or the exception's type."""
        names = {_short(name) for name in self.types}
        if names <= {"AssertionError", "Failed"}:  # Failed: pytest.fail() and `pytest.raises` that saw nothing
            return "assertion"
        return ", ".join(sorted(names - {"AssertionError"}))


@dataclass(frozen=True, slots=True)
class Result(Record):
    """What one test came to.

    `seconds` is real time; `elapsed` is what the loop's clock said. `text` is what a flag (blocking, leaks) says where
    no exception was raised, and why the test was skipped where it was. `run` is who ran and who waited, where that was
    recorded.
    """

    name: str
    outcome: Literal["passed", "failed", "skipped"]
    seconds: float = 0.0
    problem: Problem | None = None
    text: str = ""
    printed: str = ""
    elapsed: float | None = None
    blocking_calls: tuple[BlockingCall, ...] = ()
    leaks: tuple[Leak, ...] = ()
    run: Run | None = None

    @property
    def function(self) -> str:
        """The name of the test without parameters, which is what a wrong answer's header lists."""
        return self.name.partition("[")[0]

    @property
    def summary(self) -> str:
        """What it said, in one line."""
        said = (self.problem.message if self.problem else "") or self.text
        return said.strip().partition("\n")[0]

    @property
    def flags(self) -> frozenset[str]:
        """What the plugin saw that is an error in a kata, whatever else failed."""
        seen = {"blocking": self.blocking_calls, "leaks": self.leaks}
        return frozenset(name for name, found in seen.items() if found)

    @property
    def reasons(self) -> frozenset[str]:
        """Every reason for which this failed test would be red on its own; empty for one that passed."""
        if self.outcome != "failed":
            return frozenset()
        raised = {self.problem.reason} if self.problem else set()
        return frozenset(raised | self.flags) or frozenset({"flag"})


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """How judging an answer ended.

    `passed` and `failed` have results for every test. `error`: the answer could not be imported (`problem` says where
    and why). `hung`: no sign of life for longer than allowed, `during` that test or, where it is empty, the import, at
    `position`. `crashed`: the process ended itself; `message` says how. `no report`: pytest itself could not run.
    `retried` says how the process that ran the tests ended, where another one had to begin anew.
    """

    ending: Ending
    results: tuple[Result, ...] = ()
    problem: Problem | None = None
    message: str = ""
    during: str = ""
    position: Position | None = None
    output: str = ""
    seconds: float = 0.0
    retried: str = ""

    @property
    def passed(self) -> bool:
        """Green."""
        return self.ending == "passed"

    @property
    def failed(self) -> tuple[Result, ...]:
        """The tests that failed, in the order of the file."""
        return tuple(result for result in self.results if result.outcome == "failed")

    @property
    def failing(self) -> frozenset[str]:
        """The names of the test functions that failed, the one that hung or crashed included."""
        names = {result.function for result in self.failed}
        return frozenset(names | {self.during.partition("[")[0]} if self.during else names)

    @property
    def signals(self) -> frozenset[tuple[str, str]]:
        """How it failed, for comparing with answers whose mistake is known: each failing test with its reasons."""
        failed = {(result.function, reason) for result in self.failed for reason in result.reasons}
        return frozenset(failed | {(self.during, self.ending)} if self.during else failed)


def from_reply(
    reply: Mapping[str, Any], events: Iterable[Mapping[str, Any]], module: str, *, seconds: float
) -> Verdict:
    """The verdict on the answer `module`, from how the child ended (see `worker`) and what it told before."""
    story = _Story(events)
    verdict = Verdict("no report", story.results(), output=reply["output"], seconds=seconds)
    if reply["ending"] == "silence":
        position = _in_stack(reply["stack"], f"{module}.py")
        return replace(verdict, ending="hung", during=story.running, position=position)
    if story.finished is None and (reply["ending"], reply["code"]) == ("exit", BROKE_DOWN):
        return replace(verdict, message="the run of its tests broke down")
    if story.finished is None:
        how = f"exit code {reply['code']}" if reply["ending"] == "exit" else _signal_name(reply["code"])
        return replace(verdict, ending="crashed", during=story.running, message=how)
    if story.broken is not None:
        return _broken(verdict, story, story.broken)
    if story.finished in (0, 1) and any(result.outcome != "skipped" for result in verdict.results):
        ending: Ending = "failed" if story.finished else "passed"
        return replace(verdict, ending=ending, output="")
    return replace(verdict, message=NO_REPORT.get(story.finished, f"pytest ended with status {story.finished}"))


def _broken(verdict: Verdict, story: _Story, problem: Problem) -> Verdict:
    """An exception that no test owns: from importing the answer, through a test and pytest, or from pytest itself."""
    types = ", ".join(problem.types)
    if story.running:
        message = f"{types} was raised"
        return replace(verdict, ending="crashed", during=story.running, message=message, problem=problem)
    if story.finished == PYTEST_BROKE and problem.in_answer is None:
        return replace(verdict, message=f"{NO_REPORT[PYTEST_BROKE]}: {types}: {problem.message}")
    return replace(verdict, ending="error", problem=problem)


BROKE_DOWN = 70  # the exit code of a run that could not go on (EX_SOFTWARE)
PYTEST_BROKE = 3
PYTEST_REFUSED = 4
NO_REPORT = {
    0: "every test was skipped",
    PYTEST_BROKE: "pytest broke down",
    PYTEST_REFUSED: "pytest refused to start",
    5: "there is no test",
}


class _Story:
    """The events in order, joined by test."""

    def __init__(self, events: Iterable[Mapping[str, Any]]) -> None:
        self.broken: Problem | None = None
        self.finished: int | None = None
        self.running = ""
        self._results: dict[str, Result] = {}
        for event in events:
            getattr(self, f"_{event['event']}", lambda **_: None)(**{k: v for k, v in event.items() if k != "event"})

    def results(self) -> tuple[Result, ...]:
        """A test that never came to its end has none."""
        return tuple(result for result in self._results.values() if result.name != self.running)

    def _started(self, test: str) -> None:
        self.running = test
        self._results[test] = Result(test, "passed")

    def _report(self, test: str, when: str, outcome: str, seconds: float, text: str, printed: str) -> None:
        result = self._results[test]
        worst: Any = max(result.outcome, outcome, key=("passed", "skipped", "failed").index)
        self._results[test] = replace(
            result,
            outcome=worst,
            seconds=result.seconds + seconds,
            text=result.text or text,
            printed=printed or result.printed,
        )
        if when == "teardown":
            self.running = ""

    def _raised(self, test: str, **problem: Any) -> None:
        result = self._results[test]
        self._results[test] = replace(result, problem=result.problem or _problem(problem))

    def _broken(self, **problem: Any) -> None:
        self.broken = self.broken or _problem(problem)

    def _measured(self, tests: Iterable[Mapping[str, Any]]) -> None:
        for test in tests:
            name = test["nodeid"].partition("::")[2]
            if name in self._results:
                self._results[name] = replace(
                    self._results[name],
                    elapsed=test.get("elapsed"),
                    blocking_calls=tuple(map(BlockingCall.from_json, test.get("blocking_calls", ()))),
                    leaks=tuple(map(Leak.from_json, test.get("leaks", ()))),
                    run=Run.from_json(test) if test.get("spans") else None,
                )

    def _finished(self, status: int) -> None:
        self.finished = status


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(
        types=tuple(data["types"]),
        message=data["message"],
        notes=tuple(data["notes"]),
        in_test=data["in_test"] and Position(**data["in_test"]),
        in_answer=data["in_answer"] and Position(**data["in_answer"]),
    )


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _in_stack(stack: str, filename: str) -> Position | None:
    """The innermost line of `filename` in what faulthandler wrote: `  File "…", line 8 in withdraw`."""
    for line in stack.splitlines():
        path, _, rest = line.strip().removeprefix('File "').partition('", line ')
        if rest and path.endswith(f"/{filename}"):
            return Position("/".join(path.split("/")[-2:]), int(rest.split()[0]))
    return None
