"""Where a task is: its stack of awaits, and how a line of code is written in a message."""

# ruff: noqa: SLF001 - the Task class written in Python has no public name

from __future__ import annotations

import asyncio
import gc
import linecache
import operator
import os
import re
import threading
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any

from redloop.tasks import awaited_by, coroutine_of
from redloop.threads import current_frames
from redloop.whose import ASYNCIO, OURS, is_users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TASKS = (asyncio.Task, asyncio.tasks._PyTask)  # type: ignore[attr-defined]  # the Python one is no subclass of the C one
_FRAME: dict[type, Callable[[Any], FrameType | None]] = {
    CoroutineType: operator.attrgetter("cr_frame"),
    GeneratorType: operator.attrgetter("gi_frame"),
    AsyncGeneratorType: operator.attrgetter("ag_frame"),
}


def is_own(filename: str) -> bool:
    """Whether a line of `filename` means something to the reader: neither asyncio's nor ours."""
    return not filename.startswith((ASYNCIO, OURS, "<frozen"))


def short(filename: str) -> str:
    """`filename` from the current directory where that is shorter to read."""
    try:
        relative = os.path.relpath(filename)
    except (OSError, ValueError):  # the directory is gone; another drive
        return filename
    return filename if relative.startswith(os.pardir) else relative


def line(frame: FrameType) -> str:
    """`file:line in function: source` of a frame."""
    return position(frame.f_code, frame.f_lineno)


def position(code: CodeType, lineno: int) -> str:
    """`file:line in function: source` of a line of `code`."""
    return _told(code.co_filename, lineno, code.co_qualname)


def origin(coroutine: object) -> str:
    """`file:line in function: source` of the reader's own line that made a coroutine; `""` where nobody tracks that."""
    made = getattr(coroutine, "cr_origin", None)
    return _told(*made[0]) if made and is_users(made[0][0]) else ""


def _told(filename: str, lineno: int, function: str) -> str:
    source = linecache.getline(filename, lineno).strip()
    return f"{short(filename)}:{lineno} in {function}" + (f": {source}" if source else "")


def stands_at(thread: int | None) -> str:
    """The innermost line of the reader's own that a thread is at, as `line` says it, else the innermost but for ours.

    `""` for a thread of which that is not known.
    """
    innermost = current_frames().get(thread or 0)
    found = _users(innermost) or innermost
    while found is not None and found.f_code.co_filename.startswith(OURS):  # what stands in for a call that waits
        found = found.f_back
    return line(found) if found is not None else ""


def threads_in_own_code() -> Iterator[str]:
    """`the thread 'name' is at file:line in function: source`, for each other thread in code of the reader's."""
    frames = current_frames()
    for thread in threading.enumerate():
        found = _users(frames.get(thread.ident or 0))
        if found is not None and thread is not threading.current_thread():
            yield f"the thread {thread.name!r} is at {line(found)}"


def _users(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the reader's own, from this one outwards."""
    while frame is not None and not is_users(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def own_place(frame: FrameType | None) -> tuple[str, int]:
    """The (filename, line) of the innermost line outside asyncio, from `frame` outwards; `("?", 0)` for none."""
    while frame is not None:
        if is_own(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "?", 0


def task_label(task: asyncio.Task[Any]) -> str:
    """The task as its author knows it: `task worker()`, with its name if it was given one."""
    coroutine: Any = coroutine_of(task)
    if coroutine is None:  # an eager one that ended at once
        return "a task"
    name = getattr(coroutine, "__qualname__", type(coroutine).__name__).rpartition(">.")[2]
    own_name = task.get_name()
    return f"task {name}()" if re.fullmatch(r"Task-\d+", own_name) else f"task {own_name} ({name}())"


def awaits(coro: object) -> Iterator[FrameType]:
    """The frames of a suspended coroutine's stack of awaits, outermost first."""
    passed: set[int] = set()
    while coro is not None:
        passed.add(id(coro))
        if type(coro) in _FRAME and (frame := _FRAME[type(coro)](coro)) is not None:
            yield frame
        inner = awaited_by(coro)
        if inner is None and type(coro) not in _FRAME:
            # Somebody's own awaitable: most likely it awaits the coroutine that it has, unless that is who awaits it.
            held = gc.get_referents(coro)
            inner = next((one for one in held if type(one) in _FRAME and id(one) not in passed), None)
        coro = inner


def own_frames(coro: object) -> list[FrameType]:
    """The lines outside asyncio at which a suspended coroutine waits, outermost first; asyncio's if it has no other."""
    frames = list(awaits(coro))
    return [frame for frame in frames if is_own(frame.f_code.co_filename)] or frames
