"""Which row lies in which: of the times alone, since records hold no references."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redloop.report.rows import Intervals, Row

STATES = ("waits", "queues", "blocked")


def nests(row: Row, outer: Row) -> bool:
    """Whether a row that began later lies in another, and no stretch of that ends, or begins, within it.

    While a coroutine waits for the outside, it awaits no other: what happens then is another task's.
    """
    if row.end > outer.end:
        return False
    for state in STATES:
        intervals: Intervals = getattr(outer, state)
        i = bisect_right(intervals, row.start, key=itemgetter(1))  # the first that is not over
        if i < len(intervals):
            start, end = intervals[i]
            inside = state != "waits" and start <= row.start and row.end <= end
            if not inside and row.end > start:
                return False
    return True


def depths(rows: Iterable[Row]) -> list[int]:
    """In how many others of its task each row lies. `rows` are in the order of their start."""
    found = []
    tasks: defaultdict[str, list[Row]] = defaultdict(list)  # those that may go on, outermost first
    for row in rows:
        around = tasks[row.task] if row.task else []  # callbacks have no task in common
        while len(around) > 1 and around[-1].end <= row.start:
            around.pop()
        while around and not nests(row, around[-1]):
            around.pop()
        found.append(len(around))
        around.append(row)
    return found
