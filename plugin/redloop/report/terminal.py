"""What a person reads in the terminal: one test's findings, and one row per line of code for the whole run."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from redloop.report.lines import by_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redloop.record import BlockingCall, Explored, Leak, Unsure
    from redloop.report.lines import Line

Beyond = dict[tuple[str, str, str], tuple[int, int]]
"""File, function and call → how many more than the baseline has, and how many that is."""

_MOST_VICTIMS = 10
CURES = {
    "task": "Await it, or cancel it and await that, before the code that started it ends.",
    "never awaited": "Calling an `async def` runs nothing. Write `await` in front of the call.",
    "never retrieved": "Nobody saw this error. Await the task, or read its result.",
    "async generator": "It was left in the middle. Close it: `async with contextlib.aclosing(…)`.",
}


def seconds(value: float) -> str:
    """A duration for people: three digits where they matter, and a unit."""
    if value >= 0.0995:
        return f"{value:.2f} s" if value < 100 else f"{value:.0f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.00095 else "under 1 ms"


def place(filename: str, lineno: int, root: str = "") -> str:
    """`file:line`, the file relative to `root` where it lies below it."""
    if root and filename.startswith(root + os.sep):
        filename = filename[len(root) + 1 :]
    return f"{filename}:{lineno}"


def blocking_line(call: BlockingCall, root: str = "") -> str:
    """One blocking call in one sentence: what, how long, where."""
    where = f"{place(call.filename, call.lineno, root)} in {call.function}"
    if call.kind == "call" or call.call:
        return f"{call.call} blocked the event loop for {seconds(call.seconds)} at {where}"
    return f"the event loop was held for {seconds(call.seconds)} without a break at {where}"


def blocking_text(calls: Sequence[BlockingCall], root: str = "", beyond: Beyond | None = None) -> str:
    """All blocking calls of one test, once for each line of code, with who had to wait and what to write instead."""
    groups: dict[tuple[object, ...], list[BlockingCall]] = defaultdict(list)
    for call in calls:
        groups[call.kind, call.call, call.filename, call.lineno].append(call)
    lines = []
    for group in groups.values():
        worst = max(group, key=lambda call: call.severity)
        count, total = sum(call.count for call in group), seconds(sum(call.seconds for call in group))
        remarks = [f"{count} times, {total} in all; this was the worst"] if count > 1 else []
        if known := (beyond or {}).get((worst.filename, worst.function, worst.call)):
            remarks.append("{} more than the baseline's {}".format(*known))
        lines.append(blocking_line(worst, root) + (f" ({'; '.join(remarks)})" if remarks else ""))
        if waited := dict.fromkeys(name for call in group for name in call.victims):
            others = " and others" if len(waited) > _MOST_VICTIMS else ""
            lines.append(f"  had to wait: {', '.join(list(waited)[:_MOST_VICTIMS])}{others}")
        if worst.instead:
            lines.append(f"  instead: {worst.instead}")
    return "\n".join(lines)


def exploration_line(explored: Explored) -> str:
    """What came out of a test's exploration, in one line, and how to see it again."""
    line = explored.verdict
    if explored.margin is not None:
        line = f"margin {explored.margin * 1000:g} ms, less than asked for; {line}"
    return f"{line}; --redloop-replay={explored.token}" if explored.token else line


def schedule_section(explored: Explored) -> str:
    """The story of the schedule that failed, or was replayed: how to read it, and what to do next."""
    how = "How to read it: a number is a step, what one task does before another one can run; … goes on after an await."
    lines = [explored.verdict, how]
    if explored.forced_switches:
        lines.append("A forced switch makes a task wait that could go on: a busy loop or a slow network does that too.")
    elif explored.verdict == "fails: without any forced switch":
        lines.append("No task was made to wait that could go on: it happens without bad luck.")
    if explored.late:
        lines.append("The loop is late when it was busy at the time of a timer: one slow step is enough.")
    lines.append(explored.story)
    if explored.verdict.startswith("fails"):
        if not explored.story.rpartition("\n")[2].startswith(("deadlock", "livelock")):  # their report has a cure
            lines.append(
                "What to look for: a line that relies on what was true before an await. Others have run since."
            )
        lines.append(f"Run this schedule alone: pytest --redloop-replay={explored.token}")
    return "\n".join(lines)


def leak_line(leak: Leak, root: str = "") -> str:
    """One thing left behind, in one sentence."""
    where = place(leak.filename, leak.lineno, root)
    if leak.kind == "task":
        return f"the test is over and {leak.name} is still running; it was made at {where}"
    if leak.kind == "never awaited":
        return f"{leak.name} was called at {where} and never awaited, so it never ran"
    if leak.kind == "never retrieved" and not leak.lineno:
        return f"nobody looked at the error of {leak.name}; it was only set, with set_exception(), and never raised"
    if leak.kind == "never retrieved":
        return f"nobody looked at the error of {leak.name}; it was raised at {where}"
    return f"{leak.name} was left open; it was begun at {where}"


def leaks_text(leaks: Sequence[Leak], root: str = "") -> str:
    """All that one test left behind, each kind with its cure."""
    lines = []
    for leak, count in Counter(leaks).items():
        times = f" ({count} times)" if count > 1 else ""
        lines += [leak_line(leak, root) + times, f"  {CURES[leak.kind]}" if leak.kind in CURES else ""]
    return "\n".join(line for line in lines if line)


def leak_rows(leaks: Iterable[tuple[str, Leak]], root: str = "") -> list[str]:
    """One row per thing left behind: `leaks` are pairs of test id and leak."""
    tests: dict[Leak, dict[str, None]] = defaultdict(dict)
    for test, leak in leaks:
        tests[leak][test] = None
    return [
        f"{leak_line(leak, root)} ({' and '.join(names) if len(names) <= 2 else f'{len(names)} tests'})"
        for leak, names in tests.items()
    ]


def summary_rows(
    calls: Iterable[tuple[str, BlockingCall]], root: str = "", beyond: Beyond | None = None, most: int | None = None
) -> list[str]:
    """One row for each of the `most` costliest lines of code: `calls` are pairs of test id and blocking call."""
    rows, lines = [], by_line(calls)
    for line in lines[:most]:
        rows.append(f"{place(line.filename, line.lineno, root)} in {line.function}: {line_text(line, beyond)}")
        if line.instead:
            rows.append(f"    instead: {line.instead}")
    if most is not None and len(lines) > most:
        rows.append(f"… and {len(lines) - most:,} more lines of code, none of which cost more; -v lists all of them")
    return rows


def unsure_rows(steps: Iterable[tuple[str, Unsure]], root: str = "") -> list[str]:
    """One row per line of code that may have held the loop, the longest first: `steps` are pairs of test id and it."""
    groups: dict[tuple[str, int, str], list[tuple[str, Unsure]]] = defaultdict(list)
    for test, step in steps:
        groups[step.filename, step.lineno, step.function].append((test, step))
    rows = []
    for (filename, lineno, function), group in groups.items():
        worst = max((step for _, step in group), key=lambda step: step.most)
        tests = len({test for test, _ in group})
        times = f"{len(group)} times, this was the worst" if len(group) > 1 else "once"
        length = f"between {seconds(worst.least)} and {seconds(worst.most)}"
        where = f"{place(filename, lineno, root)} in {function}"
        in_tests = f"{tests} {'test' if tests == 1 else 'tests'}"
        rows.append((worst.most, f"{where}: held the event loop for {length} ({times}; {in_tests})"))
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]


def line_text(line: Line, beyond: Beyond | None = None) -> str:
    """What a line of code did, how often, how long and in how many tests.

    What is said of those `beyond` the baseline is about the test with the most of them.
    """
    tests = len(line.tests)
    count = f"{line.count} times, {seconds(line.total)} in all, worst" if line.count > 1 else "once,"
    known = (beyond or {}).get((line.filename, line.function, line.call))
    more = "; {}{} more than the baseline's {}".format("up to " if tests > 1 else "", *known) if known else ""
    in_tests = f"{tests} {'test' if tests == 1 else 'tests'}"
    return f"{line.call or 'held the event loop'} ({count} {seconds(line.worst)}; {in_tests}{more})"
