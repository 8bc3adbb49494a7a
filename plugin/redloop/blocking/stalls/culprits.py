"""Which lines of a step held the loop? Mostly one; two, where one followed the other and each was long enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redloop.blocking.lines.places import Place
    from redloop.blocking.stalls.watching import Seen


@dataclass(slots=True)
class SeenLine:
    """A line that was seen in a step."""

    place: Place
    seen: Seen

    def add(self, more: Seen) -> None:
        """Take another stack on this line into account."""
        self.seen.seconds += more.seconds
        self.seen.first = min(self.seen.first, more.first)
        self.seen.last = max(self.seen.last, more.last)
        self.seen.at = min(self.seen.at, more.at)


def culprits(lines: Sequence[SeenLine], held: float, threshold: float) -> Iterator[tuple[SeenLine, float]]:
    """Yield where a step of `held` seconds spent them, and how many each. `lines` are in the order of time.

    Lines that took turns, as in a loop, are one stall, of the line that took most. So are lines one after the other
    none of which reaches `threshold` by itself.
    """
    if not lines:
        return
    stretches: list[list[SeenLine]] = []
    last = 0.0
    for line in lines:
        if not stretches or line.seen.first >= last:
            stretches.append([])
        stretches[-1].append(line)
        last = max(last, line.seen.last)
    whole = sum(map(_seconds, lines))
    long = [stretch for stretch in stretches if held * sum(map(_seconds, stretch)) >= threshold * whole]
    if len(long) <= 1 or not whole:
        yield max(lines, key=_seconds), held
        return
    whole = sum(sum(map(_seconds, stretch)) for stretch in long)
    for stretch in long:
        yield max(stretch, key=_seconds), held * sum(map(_seconds, stretch)) / whole


def _seconds(line: SeenLine) -> float:
    return line.seen.seconds
