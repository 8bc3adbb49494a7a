"""Blocking calls by line of code: what every summary has one row for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redloop.record import BlockingCall


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code that made one call, or held the loop (`call` is `""`), `count` times in `tests`.

    `total` and `worst` are in seconds, `tests` ids.
    """

    filename: str
    lineno: int
    function: str
    call: str
    count: int
    total: float
    worst: float
    tests: tuple[str, ...]
    instead: str


def by_line(calls: Iterable[tuple[str, BlockingCall]]) -> list[Line]:
    """The lines, the costliest first: `calls` are pairs of test id and blocking call."""
    groups: dict[tuple[str, int, str, str], list[tuple[str, BlockingCall]]] = defaultdict(list)
    for test, call in calls:
        groups[call.filename, call.lineno, call.function, call.call].append((test, call))
    lines = [
        Line(
            *key,
            count=sum(call.count for _, call in group),
            total=sum(call.seconds for _, call in group),
            worst=max((call for _, call in group), key=lambda call: call.severity).seconds,
            tests=tuple(dict.fromkeys(test for test, _ in group)),
            instead=group[0][1].instead,
        )
        for key, group in groups.items()
    ]
    return sorted(lines, key=lambda line: -line.total)
