"""The detector: what was seen, as records, for whoever asked."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from redloop.blocking import comments
from redloop.blocking.allowed import GARBAGE, STALL, Allowed
from redloop.blocking.calls import catalogue
from redloop.blocking.calls.cures import SLOW_HANDLER_CURE, cure
from redloop.blocking.calls.names import public_name
from redloop.blocking.calls.timing import TIMED
from redloop.blocking.engine import ENGINE
from redloop.blocking.faults import noted
from redloop.blocking.lines import places
from redloop.blocking.repeats import gathered
from redloop.blocking.stalls.culprits import SeenLine, culprits
from redloop.blocking.stalls.watching import Seen
from redloop.real_time import perf_counter
from redloop.record import BlockingCall, Unsure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from redloop.blocking.calls.catalogue import Entry
    from redloop.blocking.garbage import Collection
    from redloop.blocking.lines.hindsight import Trace
    from redloop.blocking.lines.places import Caller, Line, Place
    from redloop.blocking.scope import Scope
    from redloop.blocking.stalls.measuring import Measure
    from redloop.blocking.stalls.watching import Stall


class _Named(NamedTuple):
    """What is said of a call: where, what, what to write instead; unless it is allowed."""

    place: Place
    call: str
    instead: str
    is_allowed: bool


class _Wanted:
    """Who makes a call, and what is said of it, once that was needed: most calls are in no report."""

    __slots__ = ("caller", "is_reported", "named")

    def __init__(self, caller: Caller, *, is_reported: bool) -> None:
        self.caller, self.is_reported = caller, is_reported
        self.named: _Named | None = None


class _Told(NamedTuple):
    """A call by name that is over: when it began, its seconds, where, and what was recorded of it, if anything."""

    began: float
    seconds: float
    line: Line
    record: BlockingCall | None = None

    def within(self, began: float, ended: float) -> float:
        """How many of its seconds lie between two times."""
        return max(0.0, min(ended, self.began + self.seconds) - max(began, self.began))

    def less(self, taken: float) -> _Told:
        """The same, with so many seconds taken out."""
        record = self.record and replace(self.record, seconds=max(0.0, self.record.seconds - taken))
        return self._replace(seconds=self.seconds - taken, record=record)


class Detector:
    """Records every blocking call of every loop that runs, on any thread, between `install` and `uninstall`.

    `threshold` is in seconds: a step of the loop that lasts as long is a stall, reported wherever it is; a call of the
    catalogue is reported however short, where `scope` has it. `allow` names what is not (`call` or `module:call`, and
    `stall` for steps), beside what a line's own comment allows. Raises ValueError for a name that no report ever shows.
    """

    def __init__(self, *, scope: Scope, threshold: float = 0.05, allow: Sequence[str] = ()) -> None:
        self.calls: list[BlockingCall] = []
        self.unsure: list[Unsure] = []
        """Steps that may have been too long: the machine was busy."""
        self.used: dict[tuple[str, int, str], None] = {}
        """The comments that allowed something: file, line, and the name in it."""
        self.faults: dict[str, None] = {}
        """What went wrong in our own code, in a line each."""
        self._scope, self.threshold = scope, threshold
        self._allowed = Allowed(allow)
        self._told: deque[_Told] = deque(maxlen=10_000)
        """The calls by name of late."""

    def install(self) -> None:
        """Watch from now on. Costs one hook until a loop runs."""
        ENGINE.add(self)

    def open(self) -> None:
        """Open the files that it needs, which the process then keeps; else that is done as the first loop runs."""
        ENGINE.open()

    def uninstall(self) -> None:
        """Watch no longer; `calls` is complete. Puts back all that was replaced, if nobody else is watching."""
        ENGINE.remove(self)

    def settle(self) -> list[BlockingCall]:
        """Return `calls`, with what the step that is going on has held so far judged as if it ended here."""
        ENGINE.settle()
        return self.calls

    def since(self, index: int) -> tuple[BlockingCall, ...]:
        """Those of `calls` from an index on. Where a line made very many, most of them are told by one record."""
        return tuple(gathered(self.calls[index:], self.threshold))

    @noted
    def wants(self, entry: Entry, stack: Trace) -> _Wanted | None:
        """Say who made this call, unless it is not to be reported."""
        caller = (places.importer if entry is catalogue.IMPORT else places.caller)(stack, self._scope)
        return None if caller is None else _Wanted(caller, is_reported=caller.is_reported(self._scope))

    def blames(self, code: CodeType) -> bool:
        """Whether anybody may have to answer for a call that this makes: for a logger's or a test runner's, nobody."""
        return self._scope.kind(code.co_filename) != "never"

    @noted
    def called(
        self, entry: Entry, wanted: _Wanted, span: tuple[float, float], at: float, task: str, victims: tuple[str, ...]
    ) -> None:
        """Record a call that has ended."""
        began, seconds = span
        if not wanted.is_reported and (seconds < self.threshold or self._scope.level == "off"):
            return
        taken = perf_counter() - began
        if wanted.named is None:
            wanted.named = self._name(entry, wanted.caller)
        place, call, instead, is_allowed = wanted.named
        is_idle = call in catalogue.ENDS_A_POOL and seconds < _TO_WAKE_UP
        is_told = not (is_allowed or is_idle)
        record = self._record("call", call, place, seconds, at, task, victims, instead) if is_told else None
        self._told.append(_Told(began, min(seconds, taken), place.line, record))  # the virtual clock says more

    def _name(self, entry: Entry, caller: Caller) -> _Named:
        caller = caller.answering(self._scope)
        place = caller.place(self._scope)
        call = public_name(place.callee) if place.callee else entry.call
        began = perf_counter()
        is_allowed = self._is_allowed((call, entry.call), place)
        self._told.append(_Told(began, perf_counter() - began, place.line))  # we read the file, not the suite
        return _Named(place, call, cure(entry, call, is_awaited=caller.awaits_a_library()), is_allowed)

    @noted
    def stepped(self, stall: Stall, collections: Sequence[Collection]) -> None:
        """Record a step that was too long, unless calls by name account for it, or one of the garbage `collections`.

        What the interpreter collects by itself, in a few pauses or in some that are nearly all there is to the step, is
        what the whole process holds: all that a test session keeps, for one. Which step that falls into is up to
        chance. A step that makes many objects has many pauses, which are its own doing, but for the longest.
        """
        if any(map(places.is_debugging, stall.traces)):
            return
        past = list(self._told)  # at once: the loop's thread adds to it
        # Its first look may come when the step, and the call, have begun.
        told = [one for one in past if one.within(stall.began, stall.ended)]
        machine = sum(seen.seconds for trace, seen in stall.traces.items() if places.is_up_to_the_machine(trace))
        called_back = self._called_back(stall)
        less = self._without(called_back, stall, told) if called_back else told
        rest = stall.measure.less(machine + sum(one.within(stall.began, stall.ended) for one in less))
        if not rest.is_stall(self.threshold):
            if rest.may_be_stall(self.threshold):
                self._note_unsure(self._lines(stall, told, called_back), rest)
            return
        pauses = [one.seconds for one in collections if not one.asked_for]
        all_of_them = len(pauses) <= _A_FEW or sum(pauses) >= _NEARLY_ALL * rest.held
        by_chance = sum(pauses) if all_of_them else max(pauses)
        if rest.held - by_chance < self.threshold and not _finalizes(stall):
            return
        self._replace(told, less)
        collecting = sum(one.seconds for one in collections)
        call, instead = "", _CPU_CURE
        if collecting > rest.held / 2:
            call, instead = (GARBAGE, _GARBAGE_CURE) if sum(pauses) < collecting / 2 else ("", _PAUSES_CURE)
        for line, share in culprits(self._lines(stall, told, called_back), rest.held, self.threshold):
            if not self._is_allowed((STALL, call), line.place):
                its_cure = SLOW_HANDLER_CURE if line.place.callee.startswith("logging.") and not call else instead
                self._record("stall", call, line.place, share, line.seen.at, stall.task, stall.victims, its_cure)

    def _note_unsure(self, lines: list[SeenLine], rest: Measure) -> None:
        place = max(lines, key=lambda line: line.seen.seconds).place if lines else None
        if place and self._scope.owns(place.filename) and not self._is_allowed((STALL, ""), place):
            self.unsure.append(Unsure(place.filename, place.lineno, place.function, rest.low, rest.high))

    def _called_back(self, stall: Stall) -> dict[Trace, Seen]:
        """Where the suite's own code was seen that calls by name had called, if it held the loop for long enough."""
        found = {trace: seen for trace, seen in stall.traces.items() if _calls_back(trace, self._scope)}
        return found if sum(seen.seconds for seen in found.values()) >= self.threshold else {}

    def _without(self, called_back: dict[Trace, Seen], stall: Stall, told: list[_Told]) -> list[_Told]:
        """The calls without those seconds, which the line that spent them tells of."""
        seen: defaultdict[Line, float] = defaultdict(float)
        inside: defaultdict[Line, float] = defaultdict(float)
        for trace, one in stall.traces.items():
            if (caller := self._caller(_outside(trace))) is not None:
                seen[caller.line] += one.seconds
                inside[caller.line] += one.seconds if trace in called_back else 0.0
        return [
            call.less(inside[call.line] / seen[call.line] * call.within(stall.began, stall.ended))
            if inside[call.line]
            else call
            for call in told
        ]

    def _replace(self, told: list[_Told], less: list[_Told]) -> None:
        for old, new in zip(told, less, strict=True):
            if old.record is not None and new.record is not None and new is not old:
                index = next((index for index, call in enumerate(self.calls) if call is old.record), None)
                if index is not None:  # it is the user's list, from which he may have taken it
                    self.calls[index] = new.record

    def _lines(self, stall: Stall, told: list[_Told], called_back: dict[Trace, Seen]) -> list[SeenLine]:
        """The lines that a step was seen on, in the order of time, but for the calls by name that it made."""
        already = {one.line for one in told}
        lines: dict[Line, SeenLine] = {}
        for trace, seen in stall.traces.items():
            if places.is_up_to_the_machine(trace):
                continue
            by_name = trace not in called_back and any(one.code is TIMED for one in trace)
            place = self._caller(trace) if by_name else places.innermost(trace, self._scope)
            if place is not None and not (by_name and place.line in already):
                line = lines.setdefault(place.line, SeenLine(place, Seen(0.0, seen.first, seen.last, seen.at)))
                line.add(seen)
        return sorted(lines.values(), key=lambda line: line.seen.first)

    def _caller(self, trace: Trace) -> Place | None:
        found = places.caller(trace, self._scope)
        return None if found is None else found.answering(self._scope).place(self._scope)

    def _is_allowed(self, calls: tuple[str, str], place: Place) -> bool:
        """Whether the line's comment, or the names for all lines, allow what has either of two names."""
        if (found := comments.allowing(place.filename, place.lineno, calls, place.module)) is not None:
            self.used[place.filename, *found] = None
            return True
        return self._allowed.covers(calls, place.module)

    def _record(
        self,
        kind: Literal["call", "stall"],
        call: str,
        place: Place,
        seconds: float,
        at: float,
        task: str,
        victims: tuple[str, ...],
        instead: str,
    ) -> BlockingCall:
        record = BlockingCall(
            kind=kind,
            call=call,
            filename=place.filename,
            lineno=place.lineno,
            function=place.function,
            seconds=seconds,
            task=task,
            victims=tuple(name for name in victims if name != task),
            stack=place.stack,
            instead=instead,
            at=at,
        )
        self.calls.append(record)
        return record


def _calls_back(trace: Trace, scope: Scope) -> bool:
    """Whether a call by name has called the suite's own code. What a module does as it is imported is that import's."""
    inside = trace[: len(trace) - len(_outside(trace))]
    if len(inside) == len(trace) or any(map(places.imports, inside)):
        return False
    return any(scope.kind(position.code.co_filename) in {"code", "tests"} for position in inside)


def _outside(trace: Trace) -> Trace:
    """The innermost call by name in a stack, and who made it."""
    return tuple(dropwhile(lambda position: position.code is not TIMED, trace))


def _finalizes(stall: Stall) -> bool:
    """Whether a finalizer was seen to run in a step: a collection of garbage calls those of the suite's objects."""
    return any(position.code.co_name == "__del__" for trace in stall.traces for position in trace)


_TO_WAKE_UP = 0.01  # seconds: threads that have nothing to do need some to see that they are not needed any more
_NEARLY_ALL = 0.9  # of building a list of lists, four fifths may be that
_A_FEW = 5  # collections: there is one for each 700 new objects (2,000 from Python 3.13 on)
_CPU_CURE = (
    "await asyncio.to_thread(…) for a call that waits, a ProcessPoolExecutor for a computation, "
    "or await asyncio.sleep(0) now and then in its loop"
)
_GARBAGE_CURE = "gc.freeze() once all is set up, gc.collect() where nobody waits, or fewer objects alive"
_PAUSES_CURE = f"less for the garbage collector to do: {_GARBAGE_CURE}"
