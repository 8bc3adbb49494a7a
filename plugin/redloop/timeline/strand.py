"""Spans in the making, and the tasks that they belong to: positions, names and numbers only."""

from __future__ import annotations

import asyncio
import time
import weakref
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from redloop.timeline.waits import QUEUES, READY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import CodeType

    from redloop.timeline.waits import Kind

    Outcome = Literal["ok", "error", "cancelled", "leaked", "running"]

MANY_INTERVALS = 2_048
"""A span with more waits than this has neighbours of them put together."""
LONGEST = 24
"""So many characters of an argument are shown."""


_NOTHING: list[float] = []

Kinds = frozenset[type]
INT_OR_STR: Kinds = frozenset({int, str})


class OpenSpan:
    """A coroutine that has started. Positions, names and numbers only, also once it has ended."""

    __slots__ = (
        *("strand", "number", "name", "place"),
        *("start", "entered", "end", "outcome", "runs", "waits", "queues"),
    )

    def __init__(self, strand: Strand, name: str, place: tuple[str, int], number: int) -> None:
        self.strand, self.number = strand, number
        self.name, self.place = name, place
        self.start = self.entered = self.end = strand.now()  # it entered its task's stack, if not for the first time
        self.outcome: Outcome = "running"
        self.runs: Any = None  # a weak reference to the coroutine, for a source that has to look at it
        # Begin, end, begin, end, …: no object for each of them, and nothing for the garbage collector.
        self.waits = self.queues = _NOTHING

    @property
    def loop(self) -> int:
        """The identity of the loop that it is on."""
        return self.strand.loop

    @property
    def task_name(self) -> str:
        """The name of the task that it is in."""
        return self.strand.task_name

    def packed(self) -> Packed:
        """What there is to know of it once it has ended, for `EndedSpan`."""
        return (
            self.number, self.name, self.place, self.strand.loop, self.strand.task_name,
            self.start, self.end, self.outcome, tuple(self.waits), tuple(self.queues),
        )  # fmt: skip

    def so_far(self, now: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Its waits and queues, with those that are still going on `now`."""
        strand, waits, queues = self.strand, pairs(self.waits), pairs(self.queues)
        if self in strand.stack:
            *_, inner = strand.stack
            if inner is not self:
                queues.append((strand.stack[strand.stack.index(self) + 1].entered, now))
            elif strand.since is not None and strand.kind is not READY:
                (queues if strand.kind is QUEUES else waits).append((strand.since, now))
        return waits, queues


Packed = tuple[int, str, tuple[str, int], int, str, float, float, "Outcome", tuple[float, ...], tuple[float, ...]]
"""A plain tuple of plain values: the garbage collector does not look at these again and again, as at objects."""


class EndedSpan(NamedTuple):
    """A coroutine that has ended."""

    number: int
    name: str
    place: tuple[str, int]
    loop: int
    task_name: str
    start: float
    end: float
    outcome: Outcome
    waits: tuple[float, ...]
    queues: tuple[float, ...]

    def so_far(self, now: float) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Its waits and queues."""
        del now
        return pairs(self.waits), pairs(self.queues)


class Strand:
    """One task, by its name and a weak reference, and its open spans, outermost first."""

    __slots__ = ("coro", "future", "kind", "loop", "now", "outermost", "since", "stack", "task", "task_name")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        loop = task.get_loop()
        self.task, self.task_name, self.loop = weakref.ref(task), task.get_name(), id(loop)
        self.now: Callable[[], float] = loop.time
        if getattr(type(loop), "time", None) is asyncio.BaseEventLoop.time:
            self.now = time.monotonic  # what that method calls
        self.stack: list[OpenSpan] = []
        self.outermost = False  # whether the task's own coroutine is the suite's, and not one that awaits it
        self.coro: weakref.ref[Any] | None = None  # that coroutine, then
        self.since: float | None = None  # loop time at which it was suspended; None while it runs
        self.kind: Kind = READY
        self.future: weakref.ref[Any] | None = None  # what it waits for, while that is undecided


def pairs(times: Sequence[float]) -> list[tuple[float, float]]:
    """Intervals, from their ends in a row."""
    return list(zip(times[::2], times[1::2], strict=True))


def add(times: list[float], start: float, end: float) -> list[float]:
    """`times` with an interval more; one that begins where the last one ended makes that longer."""
    if end <= start:
        return times
    if not times:
        return [start, end]
    if times[-1] == start:
        times[-1] = end
        return times
    times.append(start)
    times.append(end)
    return times if len(times) <= 2 * MANY_INTERVALS else list(_together(times))


def _together(times: list[float]) -> Iterator[float]:
    """Neighbouring intervals put together, each as long as its members in all, so that sums stay what they were."""
    for i in range(0, len(times), 32):
        some = times[i : i + 32]
        yield some[0]
        yield some[0] + (sum(some[1::2]) - sum(some[::2]))


class Labels:
    """Names of coroutines: `fetch('users')`, with the first int or str argument where there is one."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[CodeType, str, tuple[str, ...]]] = {}  # by identity: to hash one reads all of it

    def clear(self) -> None:
        """Let go of the code that was seen."""
        self._known.clear()

    def label(self, code: CodeType, names: Callable[[], Mapping[str, Any]], kinds: Kinds = INT_OR_STR) -> str:
        """The name of one; `names` gives its arguments, of which those of these `kinds` are looked at."""
        known = self._known.get(id(code))
        if known is None:
            known = self._known[id(code)] = code, *name_and_arguments(code)
        _, name, arguments = known
        return labelled(name, arguments, names(), kinds) if arguments else name


def labelled(name: str, arguments: tuple[str, ...], values: Mapping[str, Any], kinds: Kinds = INT_OR_STR) -> str:
    """A coroutine's name with the first of its arguments that is of these kinds."""
    for argument in arguments:
        value = values.get(argument)
        if type(value) in kinds:
            said = repr(value)
            return f"{name}({said if len(said) <= LONGEST else said[: LONGEST - 2] + '…' + said[-1]})"
    return name


def name_and_arguments(code: CodeType) -> tuple[str, tuple[str, ...]]:
    """What a coroutine is called, and those of its arguments that may tell it from others."""
    name = code.co_name
    if name.startswith("__"):
        name = code.co_qualname.rpartition("<locals>.")[2]
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return name, arguments[1:] if arguments[:1] in {("self",), ("cls",)} else arguments
