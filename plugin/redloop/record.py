"""What was seen, as plain frozen records: names, numbers and code positions, and JSON both ways.

A record never holds a task, coroutine, frame, future or exception. What a program lets go of must die when it would
have died without us: a recorder that keeps a task alive makes "keep a reference to your tasks" impossible to fail.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Record:
    """A record that can be written as JSON and read back."""

    def to_json(self) -> dict[str, Any]:
        """This record as a dict of plain values; the keys are the attribute names."""
        return dataclasses.asdict(self, dict_factory=_dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The record that `to_json` wrote. Keys that this version does not know are ignored."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: _frozen(value) for name, value in data.items() if name in known})


@dataclass(frozen=True, slots=True)
class BlockingCall(Record):
    """A call that kept the event loop from running.

    `kind` is `call` for one that the catalogue knows by name, however short it was, and `stall` for a step that lasted
    at least the threshold, whatever its cause (then `call` is `""`). `filename:lineno` is the innermost line of the
    suite's own code; where everybody's calls are asked for, that of the package which made the call. `seconds` are real
    seconds; for a `time.sleep` that the virtual clock cut short they are the seconds that it moved the clock by, which
    is what the real loop would have lost. `at` is when it began, in loop time (in a `Run`: since that began); None
    where that is not known.

    One that stands for many has their `count`: of one line's short calls in a task, the longest hundred have a record
    each, and the rest has one, with the sum of their seconds. `count` is left out of JSON where it is 1.
    """

    kind: Literal["call", "stall"]
    call: str
    filename: str
    lineno: int
    function: str
    seconds: float
    task: str
    victims: tuple[str, ...] = ()
    stack: tuple[str, ...] = ()
    instead: str = ""
    at: float | None = None
    count: int = 1

    @property
    def severity(self) -> tuple[bool, float]:
        """What the worst of a line's calls has most of. Their sum is none of them."""
        return self.count == 1, self.seconds


@dataclass(frozen=True, slots=True)
class Unsure(Record):
    """A step that may have been a stall: the machine was busy, and nobody can tell how much of it was the code.

    Between `least` and `most` seconds. It is told, and nothing is judged by it.
    """

    filename: str
    lineno: int
    function: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Leak(Record):
    """What a test left behind: `kind` says what, `filename:lineno` where it was made, or an error raised."""

    kind: Literal["task", "never awaited", "never retrieved", "async generator"]
    name: str
    filename: str
    lineno: int


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A coroutine's life from its first step to its end.

    `name` is the function's, with the argument or number that tells it from others of that name: `fetch('users')`,
    `fetch #2`. `filename:lineno` is the line that awaits it, or makes its task (where that is unknown, the function's
    own). All times are loop seconds since the run began. `waits` are the intervals in which it waited for something
    outside the program's tasks, `queues` those in which it stood behind another task, a lock or the like, or the
    coroutine that it awaits. In the rest it ran.

    `outcome` tells how it ended: `running` if it had not when the run was over, `leaked` if nobody ended it after that.
    """

    name: str
    task: str
    filename: str
    lineno: int
    start: float
    end: float
    waits: tuple[tuple[float, float], ...] = ()
    queues: tuple[tuple[float, float], ...] = ()
    outcome: Literal["ok", "error", "cancelled", "leaked", "running"] = "ok"


@dataclass(frozen=True, slots=True)
class Explored(Record):
    """What came out of running a test in many schedules.

    `verdict` is that in half a sentence; `schedules` how many ran, `exhausted` that these were all. The rest is about
    the schedule that failed, or was replayed: its forced switches, the first one's `file:line`, by how many seconds the
    loop is late at most, its story, and the token that replays it. `margin`: the lateness in seconds at which the test
    breaks, where that is less than was asked for.
    """

    verdict: str
    schedules: int
    exhausted: bool
    forced_switches: int = 0
    late: float = 0.0
    switched_at: str = ""
    margin: float | None = None
    story: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Run(Record):
    """What one stretch of async code did: a test's body, or the block under a `stopwatch`.

    `elapsed` and `waited` are in loop seconds (virtual ones where `clock` is `virtual`), `busy` (CPU time of the loop's
    thread) and `blocked` in real seconds. `waited` is the sum of waiting over all spans, `overlap` that divided by the
    time in which at least one span was waiting, `peak` the most spans waiting at one instant. `failure` is why a test
    failed by itself, the first lines of it; a stopwatch has none.
    """

    clock: Literal["real", "virtual"] = "real"
    elapsed: float = 0.0
    busy: float = 0.0
    blocked: float = 0.0
    waited: float = 0.0
    overlap: float = 0.0
    peak: int = 0
    blocking_calls: tuple[BlockingCall, ...] = ()
    leaks: tuple[Leak, ...] = ()
    spans: tuple[Span, ...] = ()
    exploration: Explored | None = None
    unsure: tuple[Unsure, ...] = ()
    failure: str | None = None

    def flat(self) -> dict[str, Any]:
        """What `to_json` gives less the records that it holds: for a test that has none, without a deep copy."""
        return {name: getattr(self, name) for name in _FLAT}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The run that `to_json` wrote. Keys that this version does not know are ignored."""
        known = {field.name for field in dataclasses.fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values["blocking_calls"] = tuple(map(BlockingCall.from_json, data.get("blocking_calls", ())))
        values["unsure"] = tuple(map(Unsure.from_json, data.get("unsure", ())))
        values["leaks"] = tuple(map(Leak.from_json, data.get("leaks", ())))
        values["spans"] = tuple(map(Span.from_json, data.get("spans", ())))
        values["exploration"] = Explored.from_json(data["exploration"]) if data.get("exploration") else None
        return cls(**values)


_FLAT = tuple(field.name for field in dataclasses.fields(Run) if field.default not in ((), None))


def _dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name != "count" or value != 1}


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
