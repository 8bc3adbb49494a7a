"""Exceptions that nobody looked at, and async generators left open: what asyncio tells only a loop's own hooks."""

# ruff: noqa: SLF001 - asyncio gives sys.set_asyncgen_hooks its private methods

from __future__ import annotations

import dis
import sys
import weakref
from asyncio import tasks
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.where import TASKS, is_own, own_place, task_label
from redloop.record import Leak

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import FrameType, TracebackType

_NAMES = ("call_exception_handler", "_asyncgen_firstiter_hook", "_asyncgen_finalizer_hook")


class LostWatch:
    """Notes the exceptions of tasks never retrieved, and the async generators left open, on one loop, from now on.

    It stands in front of three of the loop's methods, as attributes of that one loop, and passes every call on: the
    user's own exception handler is asked as ever, and no task is wrapped. The hooks for async generators take effect
    when the loop is run the next time. `stop()` puts all back. A task that was there before does not count.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._found: list[Leak] = []
        self._open: weakref.WeakSet[AsyncGeneratorType[Any, Any]] = weakref.WeakSet()
        # By id: when a generator's finaliser runs, its weak references are gone already. An id that comes up again
        # belongs to another generator, which has to begin first.
        self._begun: dict[int, tuple[str, int]] = {}
        self._older = _alive(loop)
        self._loop = weakref.ref(loop)
        make = (self._on_exception, self._on_first, self._on_dropped)
        self._hooks = {name: hook(getattr(loop, name)) for name, hook in zip(_NAMES, make, strict=True)}
        vars(loop).update(self._hooks)

    def stop(self) -> None:
        """Stand aside, wherever nobody else has taken the place meanwhile. `leaks` still answers."""
        loop = self._loop()
        for name, hook in self._hooks.items() if loop is not None else ():
            if vars(loop).get(name) is hook:
                del vars(loop)[name]
        self._hooks.clear()

    def forgive(self) -> None:
        """Let the tasks and open generators that exist by now not count: a fixture of a wider scope made them."""
        self._begun.clear()
        loop = self._loop()
        self._older = _alive(loop) if loop is not None else set()

    def leaks(self) -> tuple[Leak, ...]:
        """What was found so far, kinds `never retrieved` (with the line that raised) and `async generator`.

        A generator's line is where its iteration began. One that a pending task is in the middle of is not left open,
        nor is one with nothing to tidy up: closing it would run none of its code.
        """
        still_open = [
            _generator_leak(agen, self._begun[id(agen)])
            for agen in list(self._open)
            if not agen.ag_running and id(agen) in self._begun and _has_to_tidy_up(agen.ag_frame)
        ]
        return (*self._found, *sorted(still_open, key=lambda leak: (leak.filename, leak.lineno)))

    def _on_exception(self, handle: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def call_exception_handler(context: dict[str, Any]) -> None:
            lost = str(context.get("message")).endswith("exception was never retrieved")
            if lost and _identity(context.get("future")) not in self._older:
                self._found.append(_lost(context))
            handle(context)

        return call_exception_handler

    def _on_first(self, firstiter: Callable[[Any], None]) -> Callable[[Any], None]:
        def first(agen: AsyncGeneratorType[Any, Any]) -> None:
            if type(agen) is AsyncGeneratorType:  # a compiled one, as Cython's, has no frame to look into
                self._open.add(agen)
                self._begun[id(agen)] = own_place(sys._getframe(1))
            firstiter(agen)

        return first

    def _on_dropped(self, finalizer: Callable[[Any], None]) -> Callable[[Any], None]:
        def dropped(agen: AsyncGeneratorType[Any, Any]) -> None:
            begun = self._begun.pop(id(agen), None) if type(agen) is AsyncGeneratorType else None
            if begun is not None and _has_to_tidy_up(agen.ag_frame):
                self._found.append(_generator_leak(agen, begun))
            finalizer(agen)

        return dropped


def _alive(loop: asyncio.AbstractEventLoop) -> set[tuple[int, str]]:
    """The tasks of a loop, those included that have ended and that somebody still holds; `all_tasks` has not these."""
    registry = getattr(tasks, "_scheduled_tasks", None)  # 3.12 and later
    found = list(tasks._all_tasks if registry is None else registry)  # type: ignore[attr-defined]
    return {_identity(task) for task in found if task.get_loop() is loop}


def _identity(future: Any) -> tuple[int, str]:
    """Tells a task from others without keeping it alive: an id may come up again, but not with the same name."""
    return id(future), future.get_name() if isinstance(future, TASKS) else ""


def _lost(context: dict[str, Any]) -> Leak:
    future, error = context.get("future"), context["exception"]
    whose = task_label(future) if isinstance(future, TASKS) else "a Future"
    what = ": ".join(filter(None, (type(error).__name__, str(error))))
    return Leak("never retrieved", f"{whose} ({what})", *_raised_at(error.__traceback__))


def _raised_at(traceback: TracebackType | None) -> tuple[str, int]:
    where = ("?", 0)
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        if is_own(filename) or where == ("?", 0):
            where = (filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return where


def _has_to_tidy_up(frame: FrameType | None) -> bool:
    """Whether the generator waits inside of a `try` or a `with`; without a frame, it has ended."""
    if frame is None:
        return False
    code, here = frame.f_code, frame.f_lasti
    entries = dis.Bytecode(code).exception_entries  # type: ignore[attr-defined]  # typeshed has no such name
    handlers = {entry.target for entry in entries if entry.start <= here < entry.end}
    # From Python 3.12 on, all of a generator's code is in one handler, which only translates StopIteration.
    return any(dis.opname[code.co_code[handler]] != "CALL_INTRINSIC_1" for handler in handlers)


def _generator_leak(agen: AsyncGeneratorType[Any, Any], begun: tuple[str, int]) -> Leak:
    return Leak("async generator", f"async generator {agen.__qualname__.rpartition('>.')[2]}()", *begun)
