"""The sections at the end of a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from redloop.report import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redloop.pytest_plugin.session import Session

_MOST_LINES = 100
_MOST_UNSURE = 10  # rows; where there are more, the machine is to blame for most of them


def show(terminal_reporter: Any, session: Session) -> None:
    """Add a section to pytest's summary for each thing that there is something to say of."""
    for title, rows in _sections(session):
        if rows:
            terminal_reporter.section(f"redloop: {title}")
        for row in rows:
            terminal_reporter.line(row)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for command in _annotations(session):
            terminal_reporter.line(command)


def _sections(session: Session) -> Iterator[tuple[str, list[str]]]:
    ledger, root = session.ledger, str(session.config.rootpath)
    most = None if session.config.get_verbosity() > 0 else _MOST_LINES
    yield "calls that blocked the event loop", terminal.summary_rows(ledger.calls(), root, ledger.beyond, most)
    yield "unsure, since the machine was busy", _first(terminal.unsure_rows(ledger.unsure(), root))
    yield "faults of its own", list(ledger.faults)
    yield "comments that allow nothing", list(_of_comments(session, root))
    yield "baseline", [session.news_of_baseline] if session.news_of_baseline else []
    yield "left behind by tests", terminal.leak_rows(ledger.leaks(), root)
    explored = [(nodeid, run.exploration) for nodeid, run in ledger.eventful() if run.exploration]
    yield "schedules", [f"{nodeid}: {terminal.exploration_line(found)}" for nodeid, found in explored]
    pictures = ledger.pictures() if session.settings.timeline == "all" else []
    yield "timelines", [f"{nodeid}\n{picture}\n" for nodeid, picture in pictures]


def _first(rows: list[str]) -> list[str]:
    more = len(rows) - _MOST_UNSURE
    return rows if more <= 0 else [*rows[:_MOST_UNSURE], f"… and {more} more"]


def _annotations(session: Session) -> list[str]:
    from redloop.report import github

    ledger, root = session.ledger, str(session.config.rootpath)
    workspace = os.environ.get("GITHUB_WORKSPACE") or root
    return github.commands(ledger.calls(), ledger.failing, workspace, ledger.beyond)


def _of_comments(session: Session, root: str) -> Iterator[str]:
    ledger, extent = session.ledger, session.extent
    all_ran = extent.is_whole and extent.has_passed and session.settings.blocking != "off"
    calls = [call for _, call in ledger.calls()]
    files = {call.filename for call in calls} | {filename for filename, _, _ in ledger.used} | extent.files
    if not files:
        return
    from redloop.pytest_plugin.remarks import remarks

    found = list(remarks(files, ledger.used, calls, is_whole=all_ran))
    yield from (f"{terminal.place(filename, lineno, root)}: {text}" for filename, lineno, text in found)
    others = len(ledger) - len(ledger.ended())
    if found and all_ran and others:
        tests = "1 test was" if others == 1 else f"{others} tests were"
        yield f"({tests} skipped or not watched, and may need what no other does)"
