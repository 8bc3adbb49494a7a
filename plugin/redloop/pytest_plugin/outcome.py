"""Turns findings into what pytest reports: a section, a failure where that was asked for, a record, a summary."""

from __future__ import annotations

import dataclasses
import linecache
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from redloop.record import BlockingCall, Leak, Run, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from redloop.pytest_plugin.extent import Extent
    from redloop.pytest_plugin.options import Settings
    from redloop.pytest_plugin.watch import Watch

SECTION = "redloop"
_PHASES = 3


def judge(item: pytest.Item, report: pytest.TestReport, watch: Watch, base: Settings, *, keep_spans: bool) -> None:
    """Add what was found in this phase to its report; fail a passed one where the settings say `error`.

    This runs after skip and xfail are decided, so a test that is failed, skipped or xfailed already keeps its outcome
    and its text, and only gets the section. Nothing is raised: an exception could be swallowed by the test itself.
    `base` is what holds for tests without a marker.
    """
    from redloop.report import terminal

    calls, leaks = watch.new_findings()
    root = str(item.config.rootpath)
    texts = terminal.blocking_text(calls, root), terminal.leaks_text(leaks, root)
    body = watch.body if report.when == "call" else Run(clock=watch.settings.clock)
    run: dict[str, Any] = dataclasses.replace(body, spans=()).to_json()
    run["blocking_calls"], run["leaks"] = [c.to_json() for c in calls], [leak.to_json() for leak in leaks]
    run["blocked"] = round(sum(call.seconds for call in calls), 9)
    report.redloop = run  # type: ignore[attr-defined]  # extra attributes of plain values travel with xdist
    run["ended"] = report.passed and watch.watches_like(base)
    if watch.detector is not None and watch.detector.used:
        run["used"] = [list(use) for use in watch.detector.used]
    if calls or leaks:
        _decide(item, report, watch.settings, texts)
    if (report.failed and report.when != "setup") or (report.when == "call" and keep_spans):
        run["spans"] = [span.to_json() for span in watch.body.spans]
    if report.when == "call" and body.exploration is not None and body.exploration.story:
        told = body.exploration
        report.sections.append((f"{SECTION} schedule", f"{told.verdict}\n{told.story}\nreplay: {told.token}"))
    if watch.left_running:
        run["left_running"] = watch.left_running


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


def _failure(item: pytest.Item, text: str) -> Any:
    """What pytest shows for `pytest.fail(text, pytrace=False)`; its first line is the one in the short summary."""
    try:
        pytest.fail(text, pytrace=False)
    except pytest.fail.Exception:
        return item.repr_failure(pytest.ExceptionInfo.from_current())


class Ledger:
    """All that the session's reports brought in, from this process and from xdist's workers."""

    def __init__(self, config: pytest.Config, settings: Settings, extent: Extent) -> None:
        self.runs: dict[str, tuple[str, Run]] = {}
        self.used: set[tuple[str, int, str]] = set()
        self._ended: Counter[str] = Counter()
        self._config, self._settings, self._extent = config, settings, extent
        self._drawn: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one phase of one test; draw the timeline of a test that failed."""
        data = getattr(report, "redloop", None)
        if data is None:
            return
        run, outcome = Run.from_json(data), _outcome(report)
        self.used |= {(filename, lineno, name) for filename, lineno, name in data.get("used", ())}
        self._ended[report.nodeid] += data["ended"]
        if report.nodeid in self.runs:
            before, first = self.runs[report.nodeid]
            body = run if report.when == "call" else first
            run = dataclasses.replace(
                body,
                blocked=first.blocked + run.blocked,
                blocking_calls=first.blocking_calls + run.blocking_calls,
                leaks=first.leaks + run.leaks,
                spans=tuple(_left(span, data.get("left_running", ())) for span in run.spans or first.spans),
            )
            if outcome == "passed" or before in ("failed", "error"):
                outcome = before if report.when != "call" else outcome
        self.runs[report.nodeid] = outcome, run
        if report.failed and self._settings.timeline != "never" and (picture := self._picture(report.nodeid)):
            report.sections.append((f"{SECTION} timeline", picture))

    def _picture(self, nodeid: str) -> str:
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

    def summarise(self, terminal_reporter: Any) -> None:
        """Add a section to pytest's summary, if there is anything to say."""
        from redloop.report import terminal

        root = str(terminal_reporter.config.rootpath)
        if rows := terminal.summary_rows(self.calls(), root):
            terminal_reporter.section("redloop: calls that blocked the event loop")
            for row in rows:
                terminal_reporter.line(row)
        self._summarise_comments(terminal_reporter, root)
        if rows := terminal.leak_rows(self.leaks(), root):
            terminal_reporter.section("redloop: left behind by tests")
            for row in rows:
                terminal_reporter.line(row)
        explored = [(nodeid, run.exploration) for nodeid, (_, run) in self.runs.items() if run.exploration is not None]
        if explored:
            terminal_reporter.section("redloop: schedules")
        for nodeid, exploration in explored:
            terminal_reporter.line(f"{nodeid}: {terminal.exploration_line(exploration)}")
        pictures = {nodeid: self._picture(nodeid) for nodeid in self.runs} if self._settings.timeline == "all" else {}
        if any(pictures.values()):
            terminal_reporter.section("redloop: timelines")
        for nodeid, picture in pictures.items():
            if picture:
                terminal_reporter.line(f"{nodeid}\n{picture}\n")

    def _summarise_comments(self, terminal_reporter: Any, root: str) -> None:
        from redloop.pytest_plugin.remarks import remarks
        from redloop.report.terminal import place

        files = {call.filename for _, call in self.calls()} | {filename for filename, _, _ in self.used}
        all_ran = self._extent.is_whole and self._extent.has_passed and self._settings.blocking != "off"
        rows = list(remarks(files | self._extent.files, self.used, is_whole=all_ran))
        if rows:
            terminal_reporter.section("redloop: comments that allow nothing")
        for filename, lineno, text in rows:
            terminal_reporter.line(f"{place(filename, lineno, root)}: {text}")
        others = len(self.runs) - len(self.ended())
        if rows and all_ran and others:
            tests = "1 test was" if others == 1 else f"{others} tests were"
            terminal_reporter.line(f"({tests} skipped or not watched, and may need what no other does)")


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
