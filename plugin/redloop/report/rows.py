"""Which spans a timeline shows, and what each did when: repeats folded into one row, blocked stretches found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from redloop.record import BlockingCall, Run, Span

    Intervals = tuple[tuple[float, float], ...]

KEPT = 3
"""So many of a folded group keep a row of their own: those that ended badly, and the longest."""
BAD = frozenset({"cancelled", "leaked", "error"})


@dataclass(frozen=True, slots=True)
class Row:
    """One span, or `count` alike folded into one; then a time at which any of them waits is a wait."""

    name: str
    filename: str
    lineno: int
    start: float
    end: float
    runs: Intervals
    waits: Intervals
    queues: Intervals
    blocked: Intervals
    outcome: str = "ok"
    count: int = 1


def rows_of(run: Run, most: int) -> tuple[list[Row], int]:
    """At most `most` rows that explain the run, in order of their start, and how many spans have none."""
    tasks = {span.task: i for i, span in reversed(list(enumerate(run.spans)))}
    spans = sorted(run.spans, key=lambda span: tasks[span.task])  # a task's spans stand together, as they were started
    rows = [row_of(span, run.blocking_calls) for span in spans]
    if len(rows) > most:
        rows = list(_folded(rows))
    if len(rows) > most:
        rows.sort(key=lambda row: (row.outcome not in BAD, not row.blocked, row.start - row.end))
        left, rows = rows[most:], sorted(rows[:most], key=lambda row: row.start)
        return rows, sum(row.count for row in left)
    return rows, 0


def row_of(span: Span, calls: Sequence[BlockingCall]) -> Row:
    """A row for one span, its blocked stretches told from the others in which it ran."""
    runs = tuple(_gaps(span.start, span.end, (*span.waits, *span.queues)))
    # A blocking call has a length and a task, and no time: it is the stretch of that task which is long enough for it.
    least = min((call.seconds for call in calls if call.task == span.task), default=float("inf"))
    blocked = tuple((start, end) for start, end in runs if end - start >= 0.8 * least)
    return Row(
        name=span.name,
        filename=span.filename,
        lineno=span.lineno,
        start=span.start,
        end=span.end,
        runs=tuple(stretch for stretch in runs if stretch not in blocked),
        waits=span.waits,
        queues=span.queues,
        blocked=blocked,
        outcome=span.outcome,
    )


def _folded(rows: list[Row]) -> Iterator[Row]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((re.split(r"[( ]", row.name)[0], row.filename), []).append(row)
    shown = []
    for (name, _), group in groups.items():
        if len(group) <= KEPT + 1:
            shown += group
            continue
        telling = sorted(group, key=lambda row: (row.outcome not in BAD, not row.blocked, row.start - row.end))[:KEPT]
        shown += telling
        shown.append(_fold(name, [row for row in group if row not in telling]))
    yield from sorted(shown, key=lambda row: row.start)


def _fold(name: str, rows: list[Row]) -> Row:
    first = rows[0]
    start, end = min(row.start for row in rows), max(row.end for row in rows)
    waits, blocked = _union(row.waits for row in rows), _union(row.blocked for row in rows)
    runs, queues = _union(row.runs for row in rows), _union(row.queues for row in rows)
    return Row(
        name=f"{name} ×{len(rows)}",  # noqa: RUF001 - a times sign
        filename=first.filename,
        lineno=first.lineno,
        start=start,
        end=end,
        runs=runs,
        waits=waits,
        queues=queues,
        blocked=blocked,
        count=len(rows),
    )


def _gaps(start: float, end: float, taken: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """What of a span's time none of `taken` covers."""
    for a, b in sorted(taken):
        if a > start:
            yield start, a
        start = max(start, b)
    if end > start:
        yield start, end


def _union(many: Iterable[Intervals]) -> Intervals:
    """The times that at least one of many sets of intervals covers."""
    joined: list[tuple[float, float]] = []
    for a, b in sorted(interval for intervals in many for interval in intervals):
        if joined and a <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(b, joined[-1][1])
        else:
            joined.append((a, b))
    return tuple(joined)
