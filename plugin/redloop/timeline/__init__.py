"""The timeline: spans of the suite's own coroutines, who ran and who waited, and three figures of them."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from redloop.record import Span
from redloop.timeline.figures import figures as figures
from redloop.timeline.monitoring import Monitoring, free_tool_id
from redloop.timeline.profiling import Profiling
from redloop.timeline.steps import Steps
from redloop.timeline.strand import OpenSpan
from redloop.timeline.strands import Strands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from redloop.timeline.strand import EndedSpan

__all__ = ["Recorder", "figures"]

_HAS_MONITORING = sys.version_info >= (3, 12)  # asked once: a test may say that this is another Python


class Recorder:
    """Records the spans of coroutines whose file `is_own` says is the suite's, on every asyncio loop.

    From Python 3.12 on it listens through `sys.monitoring`, on all threads, at a cost no real suite notices.
    On 3.11, or where no tool id is free, it looks at what is suspended after each step of a task: a coroutine that
    another one awaits has a span from then on, and none if it never is. There, `thorough` sees what is seen later
    (`sys.setprofile` in every step of a task), and makes a bare switch of tasks several times as dear.

    It records names, numbers and positions, never a task, frame or coroutine, so nothing lives longer for its sake.
    """

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self._strands = Strands(is_own)
        self._first = 0  # the number of the first span since `clear`
        self._source: Monitoring | Profiling | Steps | None = None
        self._paused: Monitoring | None = None
        self._last: type | None = None

    def install(self, *, thorough: bool = False) -> None:
        """Begin to record, or go on after `pause`. RuntimeError if it does so already."""
        if self._source is not None:
            raise RuntimeError("this recorder is installed already")
        if self._paused is not None:
            self._source, self._paused = self._paused, None
            self._source.resume()
            self._strands.bare.watch()
            return
        tool_id = free_tool_id()
        if tool_id is not None:
            self._source = Monitoring(self._strands, self._is_own, tool_id)
        else:
            way = Profiling if thorough and not _HAS_MONITORING else Steps
            self._source = way(self._strands, self._is_own)
        if type(self._source) is not self._last:
            self._strands.abandon()
            self._last = type(self._source)
        self._source.start()
        self._strands.bare.watch()

    @property
    def sees_all(self) -> bool:
        """Whether every coroutine of the suite's has a span, and not only those that are suspended."""
        return not isinstance(self._source, Steps)

    def uninstall(self) -> None:
        """Stop recording; what was recorded stays. It may be called twice."""
        source = self._source or self._paused
        if self._source is not None:
            self._strands.bare.unwatch()
        self._source = self._paused = None
        if source is not None:
            source.stop()

    def pause(self) -> None:
        """Stop recording, to go on soon: nobody is told of anything, but the place of a tool is kept.

        To give that up and take it again has the interpreter go through all code that runs after it, twice a test.
        """
        if isinstance(self._source, Monitoring) and self._source.pause():
            self._source, self._paused = None, self._source
            self._strands.bare.unwatch()
        else:
            self.uninstall()

    def clear(self) -> None:
        """Forget the spans that have ended, and those whose task is gone without our having seen its end."""
        self._strands.close_lost()
        self._strands.forget_finished()
        self._strands.labels.clear()
        self._strands.bare.clear()
        self._first = self._strands.count

    def extent(self) -> tuple[int, float, float] | None:
        """Where most happened since `clear`: a loop's identity, when its first span began and its last ended."""
        if self._strands.count == self._first:
            return None
        seen: dict[int, tuple[int, float, float]] = {}
        for span in self._strands:
            if span.number >= self._first:
                loop = span.loop
                count, start, end = seen.get(loop, (0, span.start, span.end))
                last = span.strand.now() if isinstance(span, OpenSpan) and span.outcome == "running" else span.end
                seen[loop] = count + 1, min(start, span.start), max(end, last)
        if not seen:
            return None
        loop, (_, start, end) = max(seen.items(), key=lambda of: of[1][0])
        return loop, start, end

    def spans(self, loop: int | None, start: float, end: float, leaked: Iterable[str] = ()) -> tuple[Span, ...]:
        """The spans on one loop, by its identity (None: on any), between two loop times, in the order of their start.

        They are cut to those times and counted from `start`. Those not over by `end` are `running`, or `leaked` where
        their task's name is among those.
        """
        self._strands.close_lost()
        seen = sorted((span for span in self._strands if _is_in(span, loop, start, end)), key=lambda span: span.number)
        names = _numbered([span.name for span in seen])
        gone = frozenset(leaked)
        return tuple(_record(span, name, (start, end), gone) for span, name in zip(seen, names, strict=True))

    def waits(self, loop: int | None, start: float, end: float) -> list[tuple[tuple[float, float], ...]]:
        """When each of the spans that `spans` gives waited, without those that did not: all that the figures need."""
        self._strands.close_lost()
        waited = [span for span in self._strands if span.waits or span.outcome == "running"]
        waits = (_cut(span.so_far(end)[0], start, end) for span in waited if _is_in(span, loop, start, end))
        return [some for some in waits if some]


def _is_in(span: OpenSpan | EndedSpan, loop: int | None, start: float, end: float) -> bool:
    """Whether a span was on this loop, between these times."""
    return (
        (loop is None or span.loop == loop)
        and span.start <= end
        and (span.outcome == "running" or span.end > start or span.start >= start)
    )


def _numbered(names: list[str]) -> list[str]:
    """Names that occur more than once, told apart: `fetch #1`, `fetch #2`."""
    total, count = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        count[name] += 1
        numbered.append(f"{name} #{count[name]}" if total[name] > 1 else name)
    return numbered


def _record(span: OpenSpan | EndedSpan, name: str, window: tuple[float, float], leaked: frozenset[str]) -> Span:
    start, end = window
    waits, queues = span.so_far(end)
    outcome = span.outcome if span.end <= end else "running"
    if span.task_name in leaked and (outcome == "running" or (outcome == "cancelled" and span.end >= end)):
        outcome = "leaked"  # what was cancelled to clean up after it included
    over = end if span.outcome == "running" else min(span.end, end)
    return Span(
        name=name,
        task=span.task_name,
        filename=span.place[0],
        lineno=span.place[1],
        start=round(max(span.start, start) - start, 9),
        end=round(over - start, 9),
        waits=_cut(waits, start, end),
        queues=_cut(queues, start, end),
        outcome=outcome,
    )


def _cut(intervals: Iterable[tuple[float, float]], start: float, end: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (round(max(a, start) - start, 9), round(min(b, end) - start, 9)) for a, b in intervals if a < end and b > start
    )
