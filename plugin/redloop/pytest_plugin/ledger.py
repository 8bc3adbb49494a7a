"""All that a session's reports bring in, from this process and from xdist's workers, put together test by test."""

from __future__ import annotations

import dataclasses
import json
import linecache
import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pytest

    from redloop.pytest_plugin.options import Settings
    from redloop.record import BlockingCall, Leak, Run, Span, Unsure
    from redloop.report.terminal import Beyond

SECTION = "redloop"
FINDINGS = frozenset({"blocking_calls", "leaks", "unsure", "exploration", "used", "faults", "beyond", "failing"})
"""The keys of a report's data that are there only where there is something to say."""
_PHASES = 3


class Phase(NamedTuple):
    """What the report of one phase of a test said; `data` is what `judge` has put into it, without the spans.

    These are kept as text: as objects, those of a thousand tests make each collection of garbage a stall.
    """

    when: str | None
    outcome: str
    data: dict[str, Any]
    spans: str

    def run(self) -> Run:
        """What it did."""
        from redloop.record import Run

        return Run.from_json({**self.data, "spans": json.loads(self.spans)} if self.spans else self.data)


class Ledger:
    """Keeps what the reports say, and makes records of it for whoever asks: nobody asks about most tests."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.used: set[tuple[str, int, str]] = set()
        self.faults: dict[str, None] = {}
        self.beyond: Beyond = {}
        self.failing: set[str] = set()
        """The tests that a blocking call fails."""
        self._config, self._settings = config, settings
        self._phases: dict[str, list[Phase]] = {}
        self._eventful: dict[str, None] = {}
        """The tests of which anything was found, in order."""
        self._drawn: set[str] = set()
        self._runs: dict[str, tuple[str, Run]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one phase of one test; draw the timeline of a test that failed."""
        data = getattr(report, "redloop", None)
        if data is None:
            if not report.failed or report.nodeid not in self._phases:
                return
            data = {"ended": False}  # xdist's word for a worker that died in this test
        spans = data.get("spans")
        rest = {name: value for name, value in data.items() if name != "spans"} if spans else data
        phase = Phase(report.when, _outcome(report), rest, json.dumps(spans) if spans else "")
        self._phases.setdefault(report.nodeid, []).append(phase)
        self._runs.pop(report.nodeid, None)
        if not FINDINGS.isdisjoint(data):
            self._take_in(report.nodeid, data)
        if report.failed and self._settings.timeline != "never" and (picture := self.picture(report.nodeid)):
            report.sections.append((f"{SECTION} timeline", picture))

    def _take_in(self, nodeid: str, data: dict[str, Any]) -> None:
        self._eventful[nodeid] = None
        self.used |= {(filename, lineno, name) for filename, lineno, name in data.get("used", ())}
        self.faults |= dict.fromkeys(data.get("faults", ()))
        if data.get("failing"):
            self.failing.add(nodeid)
        for filename, function, call, more, known in data.get("beyond", ()):
            most, _ = self.beyond.get((filename, function, call), (0, known))
            self.beyond[filename, function, call] = max(more, most), known

    def __len__(self) -> int:
        return len(self._phases)

    def run(self, nodeid: str) -> tuple[str, Run]:
        """How a test ended, and what its phases did in all; the figures are those of its body."""
        if nodeid not in self._runs:
            self._runs[nodeid] = _put_together(self._phases[nodeid])
        return self._runs[nodeid]

    def runs(self) -> Iterator[tuple[str, str, Run]]:
        """Every test: its id, how it ended, and what it did."""
        return ((nodeid, *self.run(nodeid)) for nodeid in self._phases)

    def picture(self, nodeid: str) -> str:
        """The timeline of a test, once, and only where there is a terminal; xdist's workers leave that to its owner."""
        has_terminal = self._config.pluginmanager.hasplugin("terminalreporter")
        if nodeid in self._drawn or hasattr(self._config, "workerinput") or not has_terminal:
            return ""
        from redloop.report.drawing import drawing

        writer = self._config.get_terminal_writer()
        _, run = self.run(nodeid)
        text = drawing(
            run,
            width=writer.fullwidth,
            colour=writer.hasmarkup,
            ascii_only=_only_ascii(writer),
            root=str(self._config.rootpath),
        )
        if text:
            self._drawn.add(nodeid)
        return text

    def pictures(self) -> list[tuple[str, str]]:
        """The timelines that were not shown yet, each with the id of its test."""
        return [(nodeid, picture) for nodeid in self._phases if (picture := self.picture(nodeid))]

    def eventful(self) -> list[tuple[str, Run]]:
        """The tests of which anything was found: blocking calls, leaks, unsure steps, explorations."""
        return [(nodeid, self.run(nodeid)[1]) for nodeid in self._eventful]

    def calls(self) -> Iterator[tuple[str, BlockingCall]]:
        """Every blocking call with the id of its test."""
        return ((nodeid, call) for nodeid, run in self.eventful() for call in run.blocking_calls)

    def leaks(self) -> Iterator[tuple[str, Leak]]:
        """Everything left behind, with the id of its test."""
        return ((nodeid, leak) for nodeid, run in self.eventful() for leak in run.leaks)

    def unsure(self) -> Iterator[tuple[str, Unsure]]:
        """Every step that may have been a stall, with the id of its test."""
        return ((nodeid, step) for nodeid, run in self.eventful() for step in run.unsure)

    def ended(self) -> set[str]:
        """The tests that ran to their end, tear-down included, and were watched like any other."""
        return {nodeid for nodeid, phases in self._phases.items() if _have_ended(phases)}

    def document(self, kind: str) -> str:
        """The text of `--redloop-KIND`."""
        from redloop.report import html, trace
        from redloop.report import json as plain

        if kind == "html":
            return html.document(self.runs(), root=str(self._config.rootpath), line_of=linecache.getline)
        return trace.document(self.runs()) if kind == "trace" else plain.document(self.runs())


def _put_together(phases: list[Phase]) -> tuple[str, Run]:
    from redloop.record import Run

    outcome, whole = "", None
    for phase in phases:
        run, now = phase.run(), phase.outcome
        if phase.when == "setup":
            outcome = ""  # it may be run again
        if whole is not None:
            left = phase.data.get("left_running", ())
            whole = dataclasses.replace(
                run if phase.when == "call" else whole,
                blocked=whole.blocked + run.blocked,
                blocking_calls=whole.blocking_calls + run.blocking_calls,
                leaks=whole.leaks + run.leaks,
                unsure=whole.unsure + run.unsure,
                failure="\n".join(filter(None, (whole.failure, run.failure))) or None,
                spans=tuple(_left(span, left) for span in run.spans or whole.spans),
            )
        if outcome in ("failed", "error") or now == "passed":
            now = outcome or now  # pytest says of unittest's tests that they passed when a subtest has failed
        outcome, whole = now, whole or run
    if outcome == "passed" and phases[-1].when == "setup":
        outcome = "error"  # nobody heard of it again
    return outcome, whole or Run()


def _have_ended(phases: list[Phase]) -> bool:
    begun = max((number for number, phase in enumerate(phases) if phase.when == "setup"), default=0)
    last = phases[begun:]  # the test may have run before
    return len(last) == _PHASES and all(phase.data["ended"] for phase in last)


def _left(span: Span, names: Collection[str]) -> Span:
    gone = span.outcome == "running" and span.task in names
    return dataclasses.replace(span, outcome="leaked") if gone else span


def _only_ascii(writer: Any) -> bool:
    """Whether the terminal cannot show the drawing's characters: by its encoding, or by its own word for itself."""
    encoding = getattr(writer._file, "encoding", None) or "ascii"  # noqa: SLF001 - no public name tells it
    try:
        "▕█▒░▓✗↯▏".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    return os.environ.get("TERM") == "dumb"


def _outcome(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when in ("setup", "teardown"):
        return "error"
    return report.outcome
