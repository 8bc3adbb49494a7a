"""Turns findings into what pytest reports: a section, a failure where that was asked for, a record, a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from redloop.record import BlockingCall, Leak, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redloop.pytest_plugin.watch import Watch

SECTION = "redloop"


def judge(item: pytest.Item, report: pytest.TestReport, watch: Watch) -> None:
    """Add what was found in this phase to its report; fail a passed one where the settings say `error`.

    This runs after skip and xfail are decided, so a test that is failed, skipped or xfailed already keeps its outcome
    and its text, and only gets the section. Nothing is raised: an exception could be swallowed by the test itself.
    """
    from redloop.report import terminal

    calls, leaks = watch.new_findings()
    root = str(item.config.rootpath)
    texts = terminal.blocking_text(calls, root), terminal.leaks_text(leaks, root)
    run: dict[str, Any] = watch.body.to_json() if report.when == "call" else Run(clock=watch.settings.clock).to_json()
    run["blocking_calls"], run["leaks"] = [c.to_json() for c in calls], [leak.to_json() for leak in leaks]
    run["blocked"] = round(sum(call.seconds for call in calls), 9)
    report.redloop = run  # type: ignore[attr-defined]  # extra attributes of plain values travel with xdist
    if not (calls or leaks):
        return
    report.sections.append((SECTION, "\n".join(filter(None, texts))))
    errors = [
        text
        for text, wanted in zip(texts, (watch.settings.blocking, watch.settings.leaks), strict=True)
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

    def __init__(self) -> None:
        self.runs: dict[str, tuple[str, Run]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in one phase of one test."""
        data = getattr(report, "redloop", None)
        if data is None:
            return
        run, outcome = Run.from_json(data), _outcome(report)
        if report.nodeid in self.runs:
            before, first = self.runs[report.nodeid]
            body = run if report.when == "call" else first
            run = Run(
                clock=run.clock,
                elapsed=body.elapsed,
                blocked=first.blocked + run.blocked,
                blocking_calls=first.blocking_calls + run.blocking_calls,
                leaks=first.leaks + run.leaks,
            )
            if outcome == "passed" or before in ("failed", "error"):
                outcome = before if report.when != "call" else outcome
        self.runs[report.nodeid] = outcome, run

    def calls(self) -> Iterator[tuple[str, BlockingCall]]:
        """Every blocking call with the id of its test."""
        return ((nodeid, call) for nodeid, (_, run) in self.runs.items() for call in run.blocking_calls)

    def leaks(self) -> Iterator[tuple[str, Leak]]:
        """Everything left behind, with the id of its test."""
        return ((nodeid, leak) for nodeid, (_, run) in self.runs.items() for leak in run.leaks)

    def document(self) -> str:
        """The text of `--redloop-json`."""
        from redloop.report import json

        return json.document((nodeid, outcome, run) for nodeid, (outcome, run) in self.runs.items())

    def summarise(self, terminal_reporter: Any) -> None:
        """Add a section to pytest's summary, if there is anything to say."""
        from redloop.report import terminal

        root = str(terminal_reporter.config.rootpath)
        if rows := terminal.summary_rows(self.calls(), root):
            terminal_reporter.section("redloop: calls that blocked the event loop")
            for row in rows:
                terminal_reporter.line(row)
        if rows := terminal.leak_rows(self.leaks(), root):
            terminal_reporter.section("redloop: left behind by tests")
            for row in rows:
                terminal_reporter.line(row)


def _outcome(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when != "call":
        return "error"
    return report.outcome
