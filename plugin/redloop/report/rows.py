"""Which spans a timeline shows, and what each did when: repeats folded into one row, blocked stretches found."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from redloop.record import BlockingCall, Run, Span

    Intervals = tuple[tuple[float, float], ...]

KEPT = 3
"""So many of a folded group keep a row of their own: those that ended badly, and the longest."""
ROUNDING = 1e-9
MOVES_THE_CLOCK = "time.sleep"
"""The one blocking call that takes virtual time."""
TRIFLING = 0.01
BAD = frozenset({"cancelled", "leaked", "error"})


@dataclass(frozen=True, slots=True)
class Row:
    """One span, or `count` alike folded into one; any of them waits in a wait, and all ended alike.

    `blocked` are stretches of loop time. Under a virtual clock only `time.sleep` takes any: `moments` are (when another
    call or a stall began, its real seconds). A callback that blocked the loop, in no task, has a row too.
    """

    name: str
    task: str
    filename: str
    lineno: int
    start: float
    end: float
    runs: Intervals
    waits: Intervals
    queues: Intervals
    blocked: Intervals
    moments: Intervals
    outcome: str = "ok"
    count: int = 1


def rows_of(run: Run, most: int) -> tuple[list[Row], int]:
    """At most `most` rows that explain the run, in order of their start, and how many spans have none."""
    tasks = {span.task: i for i, span in reversed(list(enumerate(run.spans)))}
    # A task's spans stand together, as they were started.
    rows = sorted(every_row(run), key=lambda row: tasks.get(row.task, len(tasks)))
    if len(rows) > most:
        rows = list(_folded(rows))
    if len(rows) > most:
        rows.sort(key=_telling)
        left, rows = rows[most:], sorted(rows[:most], key=lambda row: row.start)
        return rows, sum(row.count for row in left)
    return rows, 0


def every_row(run: Run) -> list[Row]:
    """A row for each span of the run, in their order, and one for each callback that blocked the loop."""
    held, callbacks = _whose(run)
    rows = [_row(span, held[i], run.clock) for i, span in enumerate(run.spans)]
    for call in callbacks:
        at = _begin(call)
        taken = ((at, at + call.seconds),) if _takes_time(call, run.clock) else ()
        moments = () if taken else ((at, call.seconds),)
        end = taken[0][1] if taken else at
        rows.append(
            Row(call.function, "", call.filename, call.lineno, at, end, (), (), (), blocked=taken, moments=moments)
        )
    return rows


def _whose(run: Run) -> tuple[defaultdict[int, list[BlockingCall]], list[BlockingCall]]:
    """The blocking calls by the index of the span that made them, and those that a callback made."""
    by_task: defaultdict[str, list[int]] = defaultdict(list)
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for i, span in enumerate(run.spans):
        by_task[span.task].append(i)
        by_name[_plain(span.name)].append(i)
    held: defaultdict[int, list[BlockingCall]] = defaultdict(list)
    callbacks = []
    for call in run.blocking_calls:
        at = call.at
        if at is None or not run.spans:
            continue
        functions = _functions(call)
        able = [i for i in by_task[call.task] if run.spans[i].start <= at <= run.spans[i].end]
        if not able and call.task:  # it is called otherwise now than when its spans began
            same_name = (i for name in functions for i in by_name[name])
            able = [i for i in same_name if run.spans[i].start <= at <= run.spans[i].end]
        if able:
            held[max(able, key=lambda i: (*_likely(run.spans[i], at, functions), i))].append(call)
        elif not call.task and 0 <= at <= run.elapsed:
            callbacks.append(call)
    return held, callbacks


def _functions(call: BlockingCall) -> dict[str, int]:
    """The bare names of the functions that a call was made in, and how far out each is."""
    stack = (line.rpartition(" in ")[2] for line in call.stack)
    return {name: i for i, name in enumerate(dict.fromkeys(map(_plain, (call.function, *stack))))}


def _likely(span: Span, at: float, functions: Mapping[str, int]) -> tuple[int, bool]:
    """How likely it is that, of a task's spans, this one made the call. Waits without a break between are one."""
    outward = functions.get(_plain(span.name), len(functions))
    return -outward, not any(start < at < end for start, end in (*span.waits, *span.queues))


def _plain(name: str) -> str:
    """A function's bare name: `fetch` of `Client.fetch('users') #2`."""
    return re.split(r"[( ]", name)[0].rpartition(".")[2]


def _row(span: Span, calls: Iterable[BlockingCall], clock: str) -> Row:
    free = list(_gaps(span.start, span.end, (*span.waits, *span.queues)))
    blocked: list[tuple[float, float]] = []
    moments, last = [], span.start
    for call in sorted(calls, key=lambda call: (call.count > 1, _begin(call))):
        at = _begin(call)
        if call.count > 1 and _takes_time(call, clock):
            blocked += list(_spread(call, span, blocked))
            continue
        gap = next((gap for gap in free if _holds(gap, at, call.seconds)), None)
        if gap is None or not _takes_time(call, clock):
            moments.append((at, call.seconds))
            continue
        a, b = gap
        start = max(a, last, min(at, b - call.seconds))
        end = min(b, start + call.seconds)
        if end > start:
            blocked.append((start, end))
            last = end
    # A mark is as wide as it has to be: next to a stretch of the same, what is trifling would hide more than it shows.
    least = TRIFLING * sum(end - start for start, end in blocked)
    return Row(
        name=span.name,
        task=span.task,
        filename=span.filename,
        lineno=span.lineno,
        start=span.start,
        end=span.end,
        runs=tuple(_gaps(span.start, span.end, (*span.waits, *span.queues, *blocked))),
        waits=span.waits,
        queues=span.queues,
        blocked=tuple(sorted(blocked)),
        moments=tuple(moment for moment in moments if moment[1] >= least),
        outcome=span.outcome,
    )


def _spread(call: BlockingCall, span: Span, blocked: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Where the many calls of one record may have been: what is free from the first on, as far as their sum goes."""
    left = call.seconds
    for start, end in _gaps(max(span.start, _begin(call)), span.end, (*span.waits, *span.queues, *blocked)):
        if left > 0:
            yield start, min(end, start + left)
            left -= end - start


def _begin(call: BlockingCall) -> float:
    return call.at or 0.0


def _takes_time(call: BlockingCall, clock: str) -> bool:
    return clock == "real" or call.call == MOVES_THE_CLOCK


def _holds(gap: tuple[float, float], at: float, seconds: float) -> bool:
    start, end = gap
    return start - ROUNDING <= at <= end + ROUNDING and end - start >= 0.8 * seconds


def _telling(row: Row) -> tuple[bool, bool, float]:
    """A key that sorts those rows first that explain most: ended badly, blocked the loop, lasted long."""
    return row.outcome not in BAD, not (row.blocked or row.moments), row.start - row.end


def _ending(row: Row) -> str:
    return row.outcome if row.outcome in BAD else "ok"


def _folded(rows: list[Row]) -> Iterator[Row]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((re.split(r"[( ]", row.name)[0], row.filename), []).append(row)
    shown = []
    for (name, _), group in groups.items():
        if len(group) <= KEPT + 1:
            shown += group
            continue
        telling = sorted(group, key=_telling)[:KEPT]
        shown += telling
        alike: dict[str, list[Row]] = {}  # a mark says of all in a row how they ended
        for row in group:
            if row not in telling:
                alike.setdefault(_ending(row), []).append(row)
        shown += (_fold(name, rows) if len(rows) > 1 else rows[0] for rows in alike.values())
    yield from sorted(shown, key=lambda row: row.start)


def _fold(name: str, rows: list[Row]) -> Row:
    first = rows[0]
    start, end = min(row.start for row in rows), max(row.end for row in rows)
    waits, blocked = _union(row.waits for row in rows), _union(row.blocked for row in rows)
    runs, queues = _union(row.runs for row in rows), _union(row.queues for row in rows)
    return Row(
        name=f"{name} ×{len(rows)}",  # noqa: RUF001 - a times sign
        task="",
        filename=first.filename,
        lineno=first.lineno,
        start=start,
        end=end,
        runs=runs,
        waits=waits,
        queues=queues,
        blocked=blocked,
        moments=tuple(sorted(moment for row in rows for moment in row.moments)),
        outcome=_ending(first),
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
