"""Three figures of a run, from its spans: how much was waited for, and how much of that at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Waits = Iterable[tuple[float, float]]
    """When one span waited: from when to when, in loop seconds."""


def figures(spans: Sequence[Waits]) -> tuple[float, float, int]:
    """How much was waited for, how much of that at the same time, and how many waited at most.

    `waited` is the sum of waiting over all spans, in loop seconds; queueing does not count. `overlap` is that divided
    by the time in which at least one span was waiting, 0.0 when none was. `peak` is the most that were waiting at one
    instant: one that begins as another ends is not with it.
    """
    changes: list[tuple[float, int]] = []
    total = 0.0
    for waits in spans:
        for start, end in waits:
            if end > start:
                total += end - start
                changes += ((end, -1), (start, 1))
    changes.sort()  # of one time, the ends first
    covered = began = 0.0
    level = peak = 0
    for when, change in changes:
        if level == 0:
            began = when
        level += change
        if level == 0:
            covered += when - began
        elif level > peak:
            peak = level
    waited = round(total, 9)
    return waited, round(waited / covered, 9) if covered else 0.0, peak
