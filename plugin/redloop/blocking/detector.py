"""The detector: what was seen, as records, for whoever asked."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from redloop.blocking import catalogue, places
from redloop.blocking.calls import TIMED
from redloop.blocking.engine import ENGINE
from redloop.record import BlockingCall

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from redloop.blocking.catalogue import Entry
    from redloop.blocking.places import Place
    from redloop.blocking.scope import Scope


class Detector:
    """Records every blocking call of every loop that runs, on any thread, between `install` and `uninstall`.

    `threshold` is in seconds: a step of the loop that lasts as long is a stall, reported wherever it is; a call of the
    catalogue is reported however short, where `scope` has it. `allow` names calls (`call` or `module:call`) that are
    not.
    """

    def __init__(self, *, scope: Scope, threshold: float = 0.05, allow: Sequence[str] = ()) -> None:
        self.calls: list[BlockingCall] = []
        self._scope, self._threshold = scope, threshold
        self._allow = frozenset(allow)
        self._named: deque[tuple[float, float]] = deque(maxlen=1000)  # when a call by name began, and its seconds

    def install(self) -> None:
        """Watch from now on. Costs one hook until a loop runs."""
        ENGINE.add(self)

    def uninstall(self) -> None:
        """Watch no longer; `calls` is complete. Puts back all that was replaced, if nobody else is watching."""
        ENGINE.remove(self)

    def settle(self) -> list[BlockingCall]:
        """Return `calls`; complete for every loop that has stopped running."""
        return self.calls

    def wants(self, frame: FrameType) -> Place | None:
        """Say who made this call, unless it is not to be reported."""
        return places.caller(frame, self._scope)

    def called(
        self, entry: Entry, wanted: Place, span: tuple[float, float], task: str, victims: tuple[str, ...]
    ) -> None:
        """Record a call that has ended."""
        _, seconds = span
        if not self._scope.reports(wanted.filename) and (seconds < self._threshold or self._scope.level == "off"):
            return
        self._named.append(span)
        call = catalogue.public_name(wanted.callee) if wanted.callee else entry.call
        if self._allowed(call, wanted) or self._allowed(entry.call, wanted):
            return
        instead = catalogue.CURES.get(call, entry.instead)
        self._record("call", call, wanted, seconds, task, victims, instead)

    def place(self, frame: FrameType) -> Place | None:
        """Say which line answers for this stack; None inside a call that is reported by name."""
        inside: FrameType | None = frame
        while inside is not None and inside.f_code is not TIMED:
            inside = inside.f_back
        return None if inside else places.innermost(frame, self._scope)

    def stalled(
        self, place: Place, held: float, span: tuple[float, float], task: str, victims: tuple[str, ...]
    ) -> None:
        """Record a step that was too long, unless calls by name account for it."""
        began, ended = span
        seconds = held - sum(taken for start, taken in self._named if began <= start < ended)
        if seconds >= self._threshold and not self._allowed("", place):
            self._record("stall", "", place, seconds, task, victims, _CPU_CURE)

    def _record(
        self, kind: str, call: str, place: Place, seconds: float, task: str, victims: tuple[str, ...], instead: str
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
            )
        )

    def _allowed(self, call: str, place: Place) -> bool:
        return call in self._allow or f"{place.module}:{call}" in self._allow


_CPU_CURE = (
    "await asyncio.to_thread(…) for a call that waits, a ProcessPoolExecutor for a computation, "
    "or await asyncio.sleep(0) now and then in its loop"
)
