"""Events from `sys.monitoring` (Python 3.12 and later): cheap, since foreign code is switched off where it stands."""

from __future__ import annotations

import inspect
import sys
from asyncio import CancelledError, Future, _get_running_loop
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from redloop.frames import local_names
from redloop.timeline.strand import add, labelled, name_and_arguments
from redloop.timeline.strands import UNSEEN
from redloop.timeline.waits import HANDED_OUT, KNOWN, READY, WAITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from redloop.timeline.strands import Strands

# 0, 1 and 2 are by convention a debugger's, coverage's and a profiler's; 3 is Hypothesis's.
TOOL_IDS = (4, 5)
_monitoring: Any = getattr(sys, "monitoring", None)
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_switched_off: list[Any] = []  # the `is_own` that decided where the events are off: that outlasts a tool's registration


def free_tool_id() -> int | None:
    """A tool id that nobody uses, or None; also None before Python 3.12."""
    if _monitoring is None:
        return None
    return next((number for number in TOOL_IDS if _monitoring.get_tool(number) is None), None)


DULL = 1_000
"""After so many coroutines of one function of which there was nothing to see, the rest of a test's are passed over."""
MANY_CODES = 10_000
"""The code of so many coroutine functions is kept from one test to the next."""
WORTH = 20
"""One of which there was something to see makes up for so many."""


class _Code:
    """What is known of the code of an own coroutine."""

    __slots__ = ("alive", "arguments", "code", "dull", "name", "outermost", "places", "round")

    def __init__(self, code: CodeType, when: int) -> None:
        self.code = code
        self.name, self.arguments = name_and_arguments(code)
        self.places: dict[int, tuple[str, int]] = {}  # where it awaits, by instruction: a frame looks its line up anew
        self.round = when  # since which pause `dull` is counted
        self.outermost = False  # whether it was a task's outermost own coroutine, whose suspensions are asked for
        self.alive = 0  # how many have started and not ended
        self.dull = 0  # how many more than made up for have ended with nothing to see of them


class Monitoring:
    """Tells `strands` of every own coroutine's start and end, and of each task's suspensions.

    A whole stack of awaits is suspended together, so only a task's outermost own coroutine is asked for suspensions.
    """

    def __init__(self, strands: Strands, is_own: Callable[[str], bool], tool_id: int) -> None:
        self._strands, self._is_own, self._tool = strands, is_own, tool_id
        self._own: dict[int, _Code] = {}  # by identity: hashing a code object reads all of it
        self._listeners = self._callbacks()
        self._round = 0  # how often it was paused

    def start(self) -> None:
        """Begin to listen."""
        events = _monitoring.events
        _monitoring.use_tool_id(self._tool, "redloop timeline")
        self.resume()
        _monitoring.set_events(self._tool, events.PY_START | events.PY_UNWIND | events.PY_THROW)
        if _switched_off != [self._is_own]:
            if _switched_off:
                _monitoring.restart_events()
            _switched_off[:] = [self._is_own]

    def resume(self) -> None:
        """Go on after `pause`."""
        for event, callback in self._listeners.items():
            _monitoring.register_callback(self._tool, event, callback)

    def pause(self) -> bool:
        """Listen no more for a while; the code stays as it is. Whether that will do, or `stop` is better."""
        for event in self._listeners:
            _monitoring.register_callback(self._tool, event, None)
        self._round += 1
        return not self._strands.muted and len(self._own) <= MANY_CODES

    def stop(self) -> None:
        """Listen no more; nothing of it stays in any code."""
        _monitoring.set_events(self._tool, 0)
        for known in self._own.values():
            _monitoring.set_local_events(self._tool, known.code, 0)
        for event in self._listeners:
            _monitoring.register_callback(self._tool, event, None)
        _monitoring.free_tool_id(self._tool)
        if self._strands.muted:
            self._strands.muted.clear()
            _monitoring.restart_events()
        self._own.clear()

    def _callbacks(self) -> dict[int, Callable[..., Any]]:  # noqa: C901, PLR0915 - closures: what an event looks up, every switch pays
        events, off, set_local = _monitoring.events, _monitoring.DISABLE, _monitoring.set_local_events
        strands, own, tool = self._strands, self._own, self._tool
        strand_of, opened, undecided, settled = strands.on_stack.get, strands.open, strands.undecided, KNOWN.get
        frame_at = sys._getframe  # noqa: SLF001 - a callback is not told which frame it is called for
        is_own = self._is_own
        every = events.PY_START | events.PY_RETURN | events.PY_YIELD | events.PY_RESUME

        def listen(known: _Code) -> None:
            if not known.outermost:
                known.outermost = True
                set_local(tool, known.code, every)

        def started(code: CodeType, _offset: int) -> Any:
            known = own.get(id(code))
            if known is None:
                if not code.co_flags & _ASYNC or code.co_name.startswith("<") or not is_own(code.co_filename):
                    return off  # a comprehension is no coroutine to its reader
                known = own[id(code)] = _Code(code, self._round)
                set_local(tool, code, events.PY_START | events.PY_RETURN)
            if known.round != self._round:
                known.round, known.dull = self._round, 0
            if known.dull > DULL and not known.outermost:
                strands.muted.add(id(code))
                return off
            if _get_running_loop() is None:  # trio's, say: there is no task
                return None
            frame = frame_at(1)
            key = id(frame)
            # Most are awaited by another one of the suite's: these are begun in place.
            caller: Any = frame.f_back
            strand = strand_of(id(caller))
            by = own.get(id(caller.f_code)) if strand is not None else None
            if strand is None or by is None or strand.since is not None or key in opened:
                strand = strands.started(key, frame, lambda: local_names(frame))
            else:
                if (place := by.places.get(caller.f_lasti)) is None:
                    place = by.places[caller.f_lasti] = by.code.co_filename, caller.f_lineno
                name, arguments = known.name, known.arguments
                strands.begin(key, strand, labelled(name, arguments, local_names(frame)) if arguments else name, place)
            if strand is not None:
                known.alive += 1
                if len(strand.stack) == 1 or code.co_flags & inspect.CO_ASYNC_GENERATOR:
                    listen(known)
            return None

        # The next two are called at every switch of tasks, so the common cases are decided in place: `sleep(0)`, and
        # waiting in a coroutine of asyncio's that has been seen before. The rest of it is what `strands` does.
        def suspended(_code: CodeType, _offset: int, value: object) -> None:
            strand = strand_of(id(frame_at(1)))
            if strand is None:
                return
            if strand.since is None and not undecided:
                if value is None:
                    strand.kind = READY
                    strand.since = strand.now()
                    return
                if type(value) is Future and strand.coro is not None:
                    coro: Any = strand.coro()
                    # An inner coroutine may be asked, too, while this one runs: its `cr_await` then crashes 3.12.
                    coro = None if coro.cr_running else coro.cr_await
                    while type(coro) is CoroutineType:
                        if (known := settled(id(coro.cr_code))) is not None and (kind := known[1]) is WAITS:
                            strand.kind = kind
                            strand.since = strand.now()
                            return
                        coro = coro.cr_await
            if type(value) is HANDED_OUT:
                strands.paused(id(frame_at(1)))
            else:
                strands.suspended(strand, value)

        def resumed(_code: CodeType, _offset: int) -> None:
            strand = strand_of(id(frame_at(1)))
            if strand is None:
                strands.continued(id(frame_at(1)))
            elif (since := strand.since) is not None and not undecided:
                now = strand.now()
                if strand.kind is WAITS:
                    strand.since = None
                    span = strand.stack[-1]
                    span.waits = add(span.waits, since, now)
                elif strand.kind is READY and now - since < UNSEEN:
                    strand.since = None
                else:
                    strands.resumed(strand)
            elif since is not None:
                strands.resumed(strand)

        def returned(code: CodeType, _offset: int, _value: object) -> Any:
            seen, known = strands.ended(id(frame_at(1)), "ok"), own[id(code)]
            if seen is None:  # its start was passed over, and so may be its end when all that were seen have ended
                return off if not known.alive and known.dull > DULL else None
            known.alive -= 1
            known.dull += -WORTH if seen else 1
            return None

        def unwound(code: CodeType, _offset: int, error: BaseException) -> None:
            known = own.get(id(code))
            if known is not None:
                gone = isinstance(error, (CancelledError, GeneratorExit))
                if strands.ended(id(frame_at(1)), "cancelled" if gone else "error") is not None:
                    known.alive -= 1
                    known.dull -= WORTH

        def thrown(code: CodeType, _offset: int, _error: BaseException) -> None:
            # An error is thrown into the innermost coroutine. If that handles it and waits again, the outer ones
            # never run, so from now on suspensions of this one are asked for too.
            known = own.get(id(code))
            if known is not None:
                listen(known)
                strands.continued(id(frame_at(1)))

        return {
            events.PY_START: started,
            events.PY_RETURN: returned,
            events.PY_YIELD: suspended,
            events.PY_RESUME: resumed,
            events.PY_UNWIND: unwound,
            events.PY_THROW: thrown,
        }
