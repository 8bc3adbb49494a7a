"""Turns findings into what pytest reports of a test: a section, a failure where that was asked for, a record."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from redloop.pytest_plugin.ledger import SECTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from redloop.pytest_plugin.options import Settings
    from redloop.pytest_plugin.session import Session
    from redloop.pytest_plugin.watch import Watch
    from redloop.record import BlockingCall, Explored, Leak

_HERE = os.path.dirname(__file__) + os.sep
_MOST_LINES, _MOST_CHARACTERS = 20, 2_000


def judge(item: pytest.Item, report: pytest.TestReport, watch: Watch, session: Session) -> None:
    """Add what was found in this phase to its report; fail a passed one where the settings say `error`.

    This runs after skip and xfail are decided, so a test that is failed, skipped or xfailed already keeps its outcome
    and its text, and only gets the section. Nothing is raised: an exception could be swallowed by the test itself.
    """
    in_body = report.when == "call"
    data: dict[str, Any] = watch.body.flat() if in_body else {"clock": watch.settings.clock}
    data["blocked"] = 0.0
    data["ended"] = report.passed and watch.watches_like(session.settings)
    report.redloop = data  # type: ignore[attr-defined]  # extra attributes of plain values travel with xdist
    if report.failed:  # what makes it fail from here on is told as what was found
        data["failure"] = _why(report)
    if watch.has_news() or session.baseline is not None:  # every test pays for three of these
        _add_findings(item, report, watch, session)
    if report.when != "setup":
        report.user_properties += _junit_properties(watch)
    if (report.failed and report.when != "setup") or (in_body and session.keeps_spans):
        data["spans"] = [span.to_json() for span in watch.spans()]
    if in_body and watch.body.exploration is not None:
        _add_exploration(report, watch.body.exploration)
    if watch.left_running:
        data["left_running"] = watch.left_running


def _why(report: pytest.TestReport) -> str:
    """What the report gives as the reason, as far as one can take it in at a glance."""
    crash = getattr(report.longrepr, "reprcrash", None)  # what the short summary has the first line of
    lines = (crash.message if crash is not None else report.longreprtext).splitlines()
    text = "\n".join(lines[:_MOST_LINES])
    return text[:_MOST_CHARACTERS] + ("…" if len(lines) > _MOST_LINES or len(text) > _MOST_CHARACTERS else "")


def _add_findings(item: pytest.Item, report: pytest.TestReport, watch: Watch, session: Session) -> None:
    """Add the blocking calls, leaks and unsure steps of this phase, as far as the baseline does not have them."""
    from redloop.report import terminal

    data: dict[str, Any] = report.redloop
    seen, leaks, unsure = watch.new_findings()
    calls, beyond, root = seen, None, str(item.config.rootpath)
    if session.baseline is not None:
        calls, beyond = session.baseline.beyond(seen, watch.counts)
        unsure = tuple(step for step in unsure if not session.baseline.has_stalls(step))
        if session.baseline.updating:
            data["seen"] = session.baseline.seen(seen)
    found = {
        "blocking_calls": [call.to_json() for call in calls],
        "leaks": [leak.to_json() for leak in leaks],
        "unsure": [step.to_json() for step in unsure],
        "used": [list(use) for use in watch.detector.used] if watch.detector is not None else [],
        "faults": list(watch.detector.faults) if watch.detector is not None else [],
        "beyond": [[*call, *numbers] for call, numbers in (beyond or {}).items()],
        "failing": bool(calls) and watch.settings.blocking == "error",
    }
    data.update((name, value) for name, value in found.items() if value)
    data["blocked"] = round(sum(call.seconds for call in calls), 9)
    watch.reported_seconds += data["blocked"]
    watch.reported_leaks += len(leaks)
    own = tuple(filter(watch.is_own, calls))
    if own or leaks:
        texts = terminal.blocking_text(own, root, beyond), terminal.leaks_text(leaks, root)
        _decide(item, report, watch.settings, texts, (own, leaks))


def _add_exploration(report: pytest.TestReport, exploration: Explored) -> None:
    from redloop.report import terminal

    report.redloop["exploration"] = exploration.to_json()
    if exploration.story:
        report.sections.append((f"{SECTION} schedule", terminal.schedule_section(exploration)))


def _junit_properties(watch: Watch) -> list[tuple[str, object]]:
    """What was measured of this test so far. pytest takes the properties of its last report: each has them all."""
    values: list[tuple[str, object]] = []
    if watch.has_loop_time:
        values.append(("redloop.elapsed", watch.body.elapsed))
    if watch.detector is not None and (watch.has_loop_time or watch.reported_seconds):
        values.append(("redloop.blocked", round(watch.reported_seconds, 6)))
    if watch.has_loop_time and watch.recorder is not None:
        values.append(("redloop.overlap", round(watch.body.overlap, 6)))
    if watch.settings.leaks != "off" and (watch.has_loop_time or watch.reported_leaks):
        values.append(("redloop.leaks", watch.reported_leaks))
    return values


def _decide(
    item: pytest.Item,
    report: pytest.TestReport,
    settings: Settings,
    texts: tuple[str, str],
    findings: tuple[Sequence[BlockingCall | Leak], ...],
) -> None:
    report.sections.append((SECTION, "\n".join(filter(None, texts))))
    errors = [
        (text, found)
        for text, found, wanted in zip(texts, findings, (settings.blocking, settings.leaks), strict=True)
        if text and wanted == "error"
    ]
    if errors and report.passed:
        report.outcome = "failed"
        report.longrepr = _failure(item, "\n".join(text for text, _ in errors))
        first = errors[0][1][0]  # what the text begins with
        _locate(report, item, (first.filename, first.lineno))
        if hasattr(report, "wasxfail"):
            del report.wasxfail  # else junit calls this failure a skip
        report.sections.pop()


def locate(report: pytest.TestReport, item: pytest.Item) -> None:
    """Have the failure of a text alone stand at the test: with `--tb=line`, pytest shows where it was made."""
    if getattr(getattr(report.longrepr, "reprcrash", None), "path", None) == __file__:
        _locate(report, item)


def _locate(report: pytest.TestReport, item: pytest.Item, line: tuple[str, int] = ("", 0)) -> None:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        if not line[1]:
            file, lineno, _ = item.location
            line = os.path.normpath(os.path.join(item.config.rootpath, file)), (lineno or 0) + 1
        crash.path, crash.lineno = line


def fail(text: str) -> NoReturn:
    """Fail the test that runs with a text alone.

    This frame is not hidden: where all are, pytest says so below the text, and to pass `--full-trace`.
    """
    pytest.fail(text, pytrace=False)


def is_stuck(error: BaseException) -> bool:
    """Whether this is a deadlock or a livelock: its report names the lines, the loop's frames say nothing more."""
    diagnosis = sys.modules.get("redloop.diagnosis")
    return diagnosis is not None and isinstance(error, diagnosis.DeadlockError | diagnosis.LivelockError)


def own_frames(error: BaseException) -> TracebackType | None:
    """The error's traceback, of the suite's own frames only: those from the test down to where it ran the loop."""
    from redloop.whose import is_users

    return _only(lambda frame: is_users(frame.f_code.co_filename), error.__traceback__)


def take_out_our_hooks(call: pytest.CallInfo[Any]) -> None:
    """Leave them out of a traceback: of an error with none but pytest's frames, and ours, pytest shows no frame.

    A deadlock's and a livelock's stay, for that reason: pytest would show pages of its own code above the text.
    """
    excinfo: Any = call.excinfo
    if is_stuck(excinfo.value) or not any(_is_our_hook(step.tb_frame) for step in _steps(excinfo.tb)):
        return
    kept = _only(lambda frame: not _is_our_hook(frame), excinfo.tb)
    if kept is not None:
        call.excinfo = pytest.ExceptionInfo.from_exc_info((excinfo.type, excinfo.value, kept))


def _only(is_kept: Callable[[FrameType], bool], traceback: TracebackType | None) -> TracebackType | None:
    """A traceback of its own, of those frames alone."""
    found: TracebackType | None = None
    for step in reversed(list(_steps(traceback))):
        if is_kept(step.tb_frame):
            found = TracebackType(found, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return found


def _steps(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_our_hook(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_HERE) and "__tracebackhide__" in frame.f_locals


def stand_alone(report: pytest.TestReport, item: pytest.Item) -> None:
    """Have an error that has no frame but pytest's and ours, and needs none, stand at the test, without a remark."""
    shown = getattr(report.longrepr, "reprtraceback", None)
    if shown is not None:
        shown.extraline = None
    _locate(report, item)


def _failure(item: pytest.Item, text: str) -> Any:
    """What pytest shows for such a failure; its first line is the one in the short summary."""
    try:
        fail(text)
    except pytest.fail.Exception:
        return item.repr_failure(pytest.ExceptionInfo.from_current())
