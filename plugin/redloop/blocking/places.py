# ruff: noqa: SLF001 - a loop's queues are private, and read only
"""From a stack to the line of code that answers for it, and to the tasks that had to wait."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

    from redloop.blocking.scope import Scope

_MOST_VICTIMS = 20
_MOST_FRAMES = 60
_START = Thread.start.__code__  # waits until the new thread runs, which is harmless and up to the machine


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code, the innermost one of the suite's own, and the Python function that it called there, if any."""

    filename: str
    lineno: int
    function: str
    module: str
    callee: str
    stack: tuple[str, ...]


def caller(frame: FrameType | None, scope: Scope) -> Place | None:
    """Return the first frame outside the standard library and the catalogue's libraries: who made this call.

    None when that is nobody whose calls are ever reported: asyncio itself, the test runner, a debugger, a logger.
    """
    top, inner = frame, None
    generated: tuple[FrameType, FrameType | None] | None = None
    while frame is not None:
        kind = scope.kind(frame.f_code.co_filename)
        if kind == "never" or frame.f_code is _START:
            break
        if kind == "generated" and generated is None:
            generated = frame, inner
        elif kind not in {"through", "generated"}:
            return _place(frame, inner, top)
        if not _ours(frame):
            inner = frame
        frame = frame.f_back
    return _place(*generated, top) if generated else None


def innermost(frame: FrameType | None, scope: Scope) -> Place | None:
    """Return the innermost line of the suite's own code; where there is none, of an installed package, or of any."""
    best: dict[str, tuple[FrameType, FrameType | None]] = {}
    top, inner = frame, None
    while frame is not None and not (best and _is_the_loop(frame)):
        kind = scope.kind(frame.f_code.co_filename)
        if scope.owns(frame.f_code.co_filename) and kind != "generated":
            return _place(frame, inner, top)
        if not _ours(frame):
            best.setdefault(kind, (frame, inner))
            inner = frame
        frame = frame.f_back
    for kind in ("generated", "installed", "through", "never"):
        if kind in best:
            return _place(*best[kind], top)
    return None


def victims(loop: Any) -> tuple[str, ...]:
    """Name the tasks of `loop` that are ready, or whose timer has come due."""
    found: dict[str, None] = {}
    try:
        now = loop.time()
        due = [handle for handle in list(loop._scheduled) if handle.when() <= now]
        for handle in list(loop._ready) + due:
            for name in _waiting_for(handle):
                found[name] = None
            if len(found) >= _MOST_VICTIMS:
                break
    except (AttributeError, RuntimeError):  # uvloop keeps its queues to itself; or it changed under our eyes
        pass
    return tuple(found)


def task_name(loop: Any) -> str:
    """Name the task that is running on this thread's loop; empty in a plain callback."""
    task = sys.modules["asyncio"].current_task(loop)
    return "" if task is None else str(task.get_name())


def _waiting_for(handle: Any) -> list[str]:
    if handle._cancelled:
        return []
    owners: list[Any] = [getattr(handle._callback, "__self__", None)]
    for argument in handle._args or ():
        owners += [getattr(callback, "__self__", None) for callback, _ in getattr(argument, "_callbacks", None) or ()]
    return [str(owner.get_name()) for owner in owners if hasattr(owner, "get_name") and hasattr(owner, "get_coro")]


def _place(frame: FrameType, inner: FrameType | None, top: FrameType | None) -> Place:
    callee = "" if inner is None else f"{_module(inner)}.{inner.f_code.co_qualname}"
    return Place(
        frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_qualname, _module(frame), callee, _stack(top)
    )


def _stack(frame: FrameType | None) -> tuple[str, ...]:
    lines: list[str] = []
    while frame is not None and len(lines) < _MOST_FRAMES and not _is_the_loop(frame):
        if not _ours(frame):
            lines.append(f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}")
        frame = frame.f_back
    return tuple(lines)


def _is_the_loop(frame: FrameType) -> bool:
    return frame.f_code.co_qualname in {"Handle._run", "BaseEventLoop._run_once"}


def _ours(frame: FrameType) -> bool:
    return bool(_module(frame).startswith("redloop.blocking"))


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
