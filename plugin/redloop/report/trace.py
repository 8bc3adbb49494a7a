"""The file of `--redloop-trace`, in the Chrome trace event format (JSON object form) that Perfetto opens.

A process is a test, a thread is a task, a slice is a span; inside it are its waits and queues. Blocking calls and what
was left behind are instant events. Format: "Trace Event Format", the document that chromium's `trace_event` points to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from redloop.report.nesting import STATES, nests
from redloop.report.rows import every_row
from redloop.report.terminal import blocking_line, leak_line
from redloop.report.terminal import seconds as said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from redloop.record import Run
    from redloop.report.rows import Row

MICROSECONDS = 1e6
CALLBACKS = "callbacks"


def document(tests: Iterable[tuple[str, str, Run]]) -> str:
    """The JSON text for `(nodeid, outcome, run)` of every test."""
    events = [event for pid, test in enumerate(tests, 1) for event in _events(pid, *test)]
    return json.dumps({"displayTimeUnit": "ms", "traceEvents": events}, separators=(",", ":")) + "\n"


def _events(pid: int, nodeid: str, outcome: str, run: Run) -> Iterator[dict[str, Any]]:
    yield _meta(pid, 0, "process_name", f"{nodeid} ({outcome})")
    threads: dict[str, int] = {}
    for row, thread in _threads(every_row(run)):
        if thread not in threads:
            threads[thread] = len(threads) + 1
            yield _meta(pid, threads[thread], "thread_name", thread)
        tid = threads[thread]
        where = {"line": f"{row.filename}:{row.lineno}", "outcome": row.outcome}
        yield _slice(pid, tid, row.name, "span", (row.start, row.end), where)
        for state in STATES:
            for interval in getattr(row, state):
                yield _slice(pid, tid, state, state, interval, {})
        for at, seconds in row.moments:
            yield _instant(pid, tid, f"loop blocked for {said(seconds)}, which virtual time does not count", at)
    for call in run.blocking_calls:
        times = f" ({call.count} times)" if call.count > 1 else ""
        # Where it is not known when it began, it was before the body.
        yield _instant(pid, 0, blocking_line(call) + times, call.at or 0.0)
    for leak in run.leaks:
        yield _instant(pid, 0, leak_line(leak), run.elapsed)


def _threads(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Each row with the name of its thread, on which slices must nest: rows, and the waits and the like inside them.

    A row that does not is on a thread of its own. Tasks may have one name, and an async generator may outlive the
    coroutine that began it.
    """
    threads: defaultdict[str, list[list[Row]]] = defaultdict(list)  # by task: the rows that go on, outermost first
    for row in sorted(rows, key=lambda row: (row.start, -row.end)):
        task = row.task or CALLBACKS
        beside = threads[task]
        for around in beside:
            while around and around[-1].end <= row.start:
                around.pop()
        number = next((i for i, around in enumerate(beside) if not around or nests(row, around[-1])), len(beside))
        if number == len(beside):
            beside.append([])
        beside[number].append(row)
        yield row, f"{task}, beside it ({number + 1})" if number else task


def _instant(pid: int, tid: int, name: str, at: float) -> dict[str, Any]:
    """On one thread; on the whole process where that is 0."""
    scope = "t" if tid else "p"
    when = round(at * MICROSECONDS, 3)
    return {"name": name, "cat": "found", "ph": "i", "s": scope, "pid": pid, "tid": tid, "ts": when}


def _meta(pid: int, tid: int, name: str, value: str) -> dict[str, Any]:
    return {"name": name, "ph": "M", "pid": pid, "tid": tid, "args": {"name": value}}


def _slice(
    pid: int, tid: int, name: str, category: str, interval: tuple[float, float], args: dict[str, str]
) -> dict[str, Any]:
    start, end = (round(time * MICROSECONDS, 3) for time in interval)
    return {
        "name": name,
        "cat": category,
        "ph": "X",
        "pid": pid,
        "tid": tid,
        "ts": start,
        "dur": round(end - start, 3),
        "args": args,
    }
