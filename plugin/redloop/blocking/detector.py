"""The detector: what was seen, as records, for whoever asked."""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING

from redloop.blocking import catalogue, comments, places
from redloop.blocking.allowed import GARBAGE, STALL, Allowed
from redloop.blocking.calls import TIMED
from redloop.blocking.engine import ENGINE
from redloop.record import BlockingCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.blocking.catalogue import Entry
    from redloop.blocking.places import Place, Trace
    from redloop.blocking.scope import Scope
    from redloop.blocking.stalls import Stall


class Detector:
    """Records every blocking call of every loop that runs, on any thread, between `install` and `uninstall`.

    `threshold` is in seconds: a step of the loop that lasts as long is a stall, reported wherever it is; a call of the
    catalogue is reported however short, where `scope` has it. `allow` names what is not (`call` or `module:call`, and
    `stall` for steps), beside what a line's own comment allows. Raises ValueError for a name that no report ever shows.
    """

    def __init__(self, *, scope: Scope, threshold: float = 0.05, allow: Sequence[str] = ()) -> None:
        self.calls: list[BlockingCall] = []
        self.used: dict[tuple[str, int, str], None] = {}
        """The comments that allowed something: file, line, and the name in it."""
        self._scope, self.threshold = scope, threshold
        self._allowed = Allowed(allow)
        self._named: deque[tuple[float, float]] = deque(maxlen=1000)  # when a call by name began, and its seconds

    def install(self) -> None:
        """Watch from now on. Costs one hook until a loop runs."""
        ENGINE.add(self)

    def uninstall(self) -> None:
        """Watch no longer; `calls` is complete. Puts back all that was replaced, if nobody else is watching."""
        ENGINE.remove(self)

    def settle(self) -> list[BlockingCall]:
        """Return `calls`, with what the step that is going on has held so far judged as if it ended here."""
        ENGINE.settle()
        return self.calls

    def wants(self, entry: Entry, stack: Trace) -> Place | None:
        """Say who made this call, unless it is not to be reported."""
        return (places.importer if entry is catalogue.IMPORT else places.caller)(stack, self._scope)

    def called(
        self, entry: Entry, wanted: Place, span: tuple[float, float], at: float, task: str, victims: tuple[str, ...]
    ) -> None:
        """Record a call that has ended."""
        _, seconds = span
        if not self._scope.reports(wanted.filename) and (seconds < self.threshold or self._scope.level == "off"):
            return
        self._named.append(span)
        call = catalogue.public_name(wanted.callee) if wanted.callee else entry.call
        began = perf_counter()
        allowed = self._is_allowed((call, entry.call), wanted)
        self._named.append((began, perf_counter() - began))  # we have read the file: that is not the suite's doing
        if allowed:
            return
        instead = catalogue.CURES.get(call, entry.instead)
        self._record("call", call, wanted, seconds, at, task, victims, instead)

    def stepped(self, stall: Stall, collecting: float) -> None:
        """Record a step that was too long, unless calls by name account for it.

        For `collecting` seconds of it, garbage was collected.
        """
        named = 0.0 + sum(taken for start, taken in self._named if stall.began <= start < stall.ended)
        named += sum(weight for seen, weight in stall.traces.items() if places.is_up_to_the_machine(seen))
        if not stall.measure.less(named).is_stall(self.threshold):
            return
        lines: dict[tuple[str, int], tuple[float, Place]] = {}
        for seen, weight in stall.traces.items():
            by_name = any(one.code is TIMED for one in seen) or places.is_up_to_the_machine(seen)
            place = None if by_name else places.innermost(seen, self._scope)
            if place is not None:
                line = place.filename, place.lineno
                total, _ = lines.get(line, (0.0, place))
                lines[line] = total + weight, place
        if lines:
            _, place = max(lines.values(), key=lambda pair: pair[0])
            seconds = stall.measure.held - named
            call, instead = (GARBAGE, _GARBAGE_CURE) if collecting > seconds / 2 else ("", _CPU_CURE)
            if self._is_allowed((STALL, call), place):
                return
            self._record("stall", call, place, seconds, stall.at, stall.task, stall.victims, instead)

    def _is_allowed(self, calls: tuple[str, str], place: Place) -> bool:
        """Whether the line's comment, or the names for all lines, allow what has either of two names."""
        if (found := comments.allowing(place.filename, place.lineno, calls, place.module)) is not None:
            self.used[place.filename, *found] = None
            return True
        return self._allowed.covers(calls, place.module)

    def _record(
        self,
        kind: str,
        call: str,
        place: Place,
        seconds: float,
        at: float,
        task: str,
        victims: tuple[str, ...],
        instead: str,
    ) -> None:
        self.calls.append(
            BlockingCall(
                kind=kind,  # type: ignore[arg-type]
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
        )


_CPU_CURE = (
    "await asyncio.to_thread(…) for a call that waits, a ProcessPoolExecutor for a computation, "
    "or await asyncio.sleep(0) now and then in its loop"
)
_GARBAGE_CURE = "gc.freeze() once all is set up, gc.collect() where nobody waits, or fewer objects alive"
