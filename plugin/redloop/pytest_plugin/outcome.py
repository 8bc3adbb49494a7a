"""Turns findings into what pytest reports: a section, a failure where that was asked for, a record, a summary."""

from __future__ import annotations

import dataclasses
import linecache
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from redloop.pytest_plugin.options import Settings
    from redloop.pytest_plugin.session import Session
    from redloop.pytest_plugin.watch import Watch
    from redloop.record import BlockingCall, Leak, Run, Span, Unsure
    from redloop.report.terminal import Beyond

SECTION = "redloop"
_PHASES = 3


def judge(item: pytest.Item, report: pytest.TestReport, watch: Watch, session: Session) -> None:
    """Add what was found in this phase to its report; fail a passed one where the settings say `error`.

    This runs after skip and xfail are decided, so a test that is failed, skipped or xfailed already keeps its outcome
    and its text, and only gets the section. Nothing is raised: an exception could be swallowed by the test itself.
    """
    from redloop.record import Run
    from redloop.report import terminal

    calls, leaks = watch.new_findings()
    root = str(item.config.rootpath)
    seen, beyond = calls, None
    if session.baseline is not None:
        calls, beyond = session.baseline.beyond(seen, watch.counts)
    own = tuple(filter(watch.is_own, calls))
    texts = terminal.blocking_text(own, root, beyond), terminal.leaks_text(leaks, root)
    body = watch.body if report.when == "call" else Run(clock=watch.settings.clock)
    run = body.flat()  # every test pays for three of these
    run["exploration"] = body.exploration and body.exploration.to_json()
    run["blocking_calls"], run["leaks"] = [c.to_json() for c in calls], [leak.to_json() for leak in leaks]
    run["blocked"] = round(sum(call.seconds for call in calls), 9)
    report.redloop = run  # type: ignore[attr-defined]  # extra attributes of plain values travel with xdist
    unsure = watch.new_unsure()
    if session.baseline is not None:
        unsure = tuple(step for step in unsure if not session.baseline.has_stalls(step))
    run["unsure"] = [step.to_json() for step in unsure]
    run["failing"] = watch.settings.blocking == "error"
    run["ended"] = report.passed and watch.watches_like(session.settings)
    run["used"] = [list(use) for use in watch.detector.used] if watch.detector is not None else []
    run["beyond"] = [[*call, *numbers] for call, numbers in (beyond or {}).items()]
    if session.baseline is not None and session.baseline.updating:
        run["seen"] = session.baseline.seen(seen)
    watch.reported_seconds += run["blocked"]
    watch.reported_leaks += len(leaks)
    if report.when != "setup":
        report.user_properties += _junit_properties(watch)
    if own or leaks:
        _decide(item, report, watch.settings, texts)
    if (report.failed and report.when != "setup") or (report.when == "call" and session.keeps_spans()):
        run["spans"] = [span.to_json() for span in watch.body.spans]
    if body.exploration is not None and body.exploration.story:
        report.sections.append((f"{SECTION} schedule", terminal.schedule_section(body.exploration)))
    if watch.left_running:
        run["left_running"] = watch.left_running


def _junit_properties(watch: Watch) -> list[tuple[str, object]]:
    """What was measured of this test so far. pytest takes the properties of its last report: each has them all."""
    values: dict[str, object] = {}
    if watch.has_loop_time:
        values["elapsed"] = watch.body.elapsed
    if watch.detector is not None and (watch.has_loop_time or watch.reported_seconds):
        values["blocked"] = round(watch.reported_seconds, 6)
    if watch.has_loop_time and watch.recorder is not None:
        values["overlap"] = round(watch.body.overlap, 6)
    if watch.settings.leaks != "off" and (watch.has_loop_time or watch.reported_leaks):
        values["leaks"] = watch.reported_leaks
    return [(f"redloop.{name}", value) for name, value in values.items()]


def _decide(item: pytest.Item, report: pytest.TestReport, settings: Settings, texts: tuple[str, str]) -> None:
    report.sections.append((SECTION, "\n".join(filter(None, texts))))
    errors = [
        text
        for text, wanted in zip(texts, (settings.blocking, settings.leaks), strict=True)
        if text and wanted == "error"
    ]
    if errors and report.passed:
        report.outcome = "failed"
        report.longrepr = _failure(item, "\n".join(errors))
        if hasattr(report, "wasxfail"):
            del report.wasxfail  # else junit calls this failure a skip
        report.sections.pop()


def fail(text: str) -> NoReturn:
    """Fail the test that runs with a text alone.

    This frame is not hidden: where all are, pytest says so below the text, and to pass `--full-trace`.
    """
    pytest.fail(text, pytrace=False)


def without_remark(report: pytest.TestReport) -> None:
    """Take back that pytest says so of an error that has no frame but pytest's and ours, and needs none."""
    shown = getattr(report.longrepr, "reprtraceback", None)
    if shown is not None:
        shown.extraline = None


def _failure(item: pytest.Item, text: str) -> Any:
    """What pytest shows for such a failure; its first line is the one in the short summary."""
    try:
        fail(text)
    except pytest.fail.Exception:
        return item.repr_failure(pytest.ExceptionInfo.from_current())


class Ledger:
    """All that the session's reports brought in, from this process and from xdist's workers."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.runs: dict[str, tuple[str, Run]] = {}
        self.used: set[tuple[str, int, str]] = set()
        self._ended: Counter[str] = Counter()
        self.beyond: Beyond = {}
        self.failing: set[str] = set()
        """The tests that a blocking call fails."""
        self._config, self._settings = config, settings
        self._drawn: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one phase of one test; draw the timeline of a test that failed."""
        data = getattr(report, "redloop", None)
        if data is None:
            return
        from redloop.record import Run

        run, outcome = Run.from_json(data), _outcome(report)
        self.used |= {(filename, lineno, name) for filename, lineno, name in data.get("used", ())}
        self._ended[report.nodeid] = data["ended"] + (0 if report.when == "setup" else self._ended[report.nodeid])
        if data["failing"]:
            self.failing.add(report.nodeid)
        for filename, function, call, more, known in data.get("beyond", ()):
            most, _ = self.beyond.get((filename, function, call), (0, known))
            self.beyond[filename, function, call] = max(more, most), known
        if report.nodeid in self.runs:
            before, first = self.runs[report.nodeid]
            body = run if report.when == "call" else first
            run = dataclasses.replace(
                body,
                blocked=first.blocked + run.blocked,
                blocking_calls=first.blocking_calls + run.blocking_calls,
                leaks=first.leaks + run.leaks,
                unsure=first.unsure + run.unsure,
                spans=tuple(_left(span, data.get("left_running", ())) for span in run.spans or first.spans),
            )
            if outcome == "passed" or before in ("failed", "error"):
                outcome = before if report.when != "call" else outcome
        self.runs[report.nodeid] = outcome, run
        if report.failed and self._settings.timeline != "never" and (picture := self.picture(report.nodeid)):
            report.sections.append((f"{SECTION} timeline", picture))

    def picture(self, nodeid: str) -> str:
        """The timeline of a test, once; the workers of xdist leave that to the one who has the terminal."""
        if nodeid in self._drawn or hasattr(self._config, "workerinput"):
            return ""
        from redloop.report.drawing import drawing

        writer = self._config.get_terminal_writer()
        _, run = self.runs[nodeid]
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

    def calls(self) -> Iterator[tuple[str, BlockingCall]]:
        """Every blocking call with the id of its test."""
        return ((nodeid, call) for nodeid, (_, run) in self.runs.items() for call in run.blocking_calls)

    def leaks(self) -> Iterator[tuple[str, Leak]]:
        """Everything left behind, with the id of its test."""
        return ((nodeid, leak) for nodeid, (_, run) in self.runs.items() for leak in run.leaks)

    def unsure(self) -> Iterator[tuple[str, Unsure]]:
        """Every step that may have been a stall, with the id of its test."""
        return ((nodeid, step) for nodeid, (_, run) in self.runs.items() for step in run.unsure)

    def ended(self) -> set[str]:
        """The tests that ran to their end, tear-down included, and were watched like any other."""
        return {nodeid for nodeid, phases in self._ended.items() if phases == _PHASES}

    def document(self, kind: str) -> str:
        """The text of `--redloop-KIND`."""
        from redloop.report import html, json, trace

        tests = ((nodeid, outcome, run) for nodeid, (outcome, run) in self.runs.items())
        if kind == "html":
            return html.document(tests, root=str(self._config.rootpath), line_of=linecache.getline)
        return trace.document(tests) if kind == "trace" else json.document(tests)


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
    if report.failed and report.when != "call":
        return "error"
    return report.outcome
