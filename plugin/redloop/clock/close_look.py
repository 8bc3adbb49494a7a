"""A close look at a few turns of a loop: what the code looks at each time, and which line runs most."""

# ruff: noqa: SLF001 - what a handle will call is private

from __future__ import annotations

import asyncio
import functools
import sys
import weakref
from collections import Counter
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.where import TASKS, is_own, line, own_frames, position
from redloop.tasks import coroutine_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FrameType

_LOOKS = {"time", "done", "cancelled", "is_set", "locked", "empty", "full", "qsize"}
_GIVES = {"set_result", "set_exception", "cancel"}
_SCHEDULES = {"call_soon", "call_soon_threadsafe", "call_later", "call_at"}
_POLLED = (asyncio.AbstractEventLoop, asyncio.Event, asyncio.Lock, asyncio.Semaphore, asyncio.Queue)


class CloseLook:
    """Watches this thread through `sys.setprofile` until it is stopped; a profiler that is there already is left alone.

    The code polls when in each turn it looks at the same thing (the loop's time, an unfinished future or task, an
    event, a queue), no task finishes, and nothing is handed over: a queue's consumer that looks at its stop event for
    each item resolves the producer's futures, and gets on.
    """

    def __init__(self) -> None:
        self.turns = 0
        self.finished = False
        self._same: set[int] | None = None
        self._seen: set[int] = set()
        self._gave = False
        self._ran: Counter[str | CodeType] = Counter()
        """Of a task the line at which it waits, of a callback its code."""
        self._scheduled_at: dict[CodeType, str] = {}
        self._stepped: list[weakref.ref[asyncio.Task[Any]]] = []
        self._watching = sys.getprofile() is None
        if self._watching:
            sys.setprofile(self._look)

    @property
    def polls(self) -> bool:
        """Whether the code did nothing but look at the same thing."""
        return bool(self._same) and not self._gave and not self.finished

    def turn(self, ready: Iterable[asyncio.Handle]) -> None:
        """Note the end of a turn, and what runs in the next."""
        if self.turns:
            self._same = self._seen if self._same is None else self._same & self._seen
        self._seen = set()
        self.turns += 1
        stepped = [ref() for ref in self._stepped]
        self.finished = self.finished or any(task is None or task.done() for task in stepped)
        self._stepped = []
        for handle in ready:
            task = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
            if isinstance(task, TASKS):
                self._stepped.append(weakref.ref(task))
                self._ran[_innermost(task)] += 1
            elif (code := _code(handle._callback)) is not None:  # type: ignore[attr-defined]
                self._ran[code] += 1

    def stop(self) -> None:
        """Look no more."""
        if self._watching:
            sys.setprofile(None)
            self._watching = False

    def busiest(self) -> tuple[str, str]:
        """`file:line in function: source` of the line that ran most, and of which callback, or `""`.

        Of a callback it is the line that schedules the next one, as far as it was seen to, else its `def`.
        """
        busiest = next((each for each, _ in self._ran.most_common(1)), "none of yours")
        if isinstance(busiest, str):
            return busiest, ""
        return self._scheduled_at.get(busiest) or position(busiest, busiest.co_firstlineno), busiest.co_name

    def _look(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            self._called(arg.__name__, getattr(arg, "__self__", None), frame)
        elif event == "call" and frame.f_code.co_name in _SCHEDULES:
            self._schedules(frame.f_back)
        elif event == "call" and frame.f_code.co_name in _LOOKS | _GIVES:
            self._called(frame.f_code.co_name, frame.f_locals.get("self"), frame.f_back)

    def _schedules(self, frame: FrameType | None) -> None:
        """Remember the innermost line of one's own, `frame` or further out, for the callback that it is part of."""
        own: list[FrameType] = []
        while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
            if is_own(frame.f_code.co_filename):
                own.append(frame)
            frame = frame.f_back
        if own:
            self._scheduled_at.setdefault(own[-1].f_code, line(own[0]))

    def _called(self, name: str, owner: object, caller: FrameType | None) -> None:
        if name in _GIVES and isinstance(owner, asyncio.Future):
            self._gave = True
        elif name in _LOOKS and caller is not None and is_own(caller.f_code.co_filename):
            unfinished = isinstance(owner, asyncio.Future) and not owner.done()
            if unfinished or isinstance(owner, _POLLED):
                self._seen.add(id(owner))


def _innermost(task: asyncio.Task[Any]) -> str:
    frames = own_frames(coroutine_of(task))
    return line(frames[-1]) if frames else f"the coroutine of {task.get_name()}"


def _code(callback: Any) -> CodeType | None:
    while isinstance(callback, functools.partial):
        callback = callback.func
    code: CodeType | None = getattr(callback, "__code__", None)
    return code if code is not None and is_own(code.co_filename) else None
