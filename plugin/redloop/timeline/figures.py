"""Three figures of a run, from its spans: how much was waited for, and how much of that at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Waits = Iterable[tuple[float, float]]
    """When one span waited: from when to when, in loop seconds."""


def waited(spans: Iterable[Waits]) -> float:
    """The sum of waiting over all spans, in loop seconds. Queueing does not count."""
    return round(sum(end - start for waits in spans for start, end in waits), 9)


def overlap(spans: Iterable[Waits]) -> float:
    """`waited` divided by the time in which at least one span was waiting; 0.0 when none was."""
    spans = tuple(map(tuple, spans))
    covered = began = 0.0
    for when, before, after in _levels(spans):
        if before == 0:
            began = when
        elif after == 0:
            covered += when - began
    return round(waited(spans) / covered, 9) if covered else 0.0


def peak(spans: Iterable[Waits]) -> int:
    """The most spans that were waiting at one instant. One that begins as another ends is not with it."""
    return max((after for _, _, after in _levels(spans)), default=0)


def _levels(spans: Iterable[Waits]) -> Iterator[tuple[float, int, int]]:
    """Each time at which a wait begins or ends, ends first, with how many waits go on before and after it."""
    changes = sorted(
        change for waits in spans for start, end in waits if end > start for change in ((end, -1), (start, 1))
    )
    level = 0
    for when, change in changes:
        yield when, level, level + change
        level += change
