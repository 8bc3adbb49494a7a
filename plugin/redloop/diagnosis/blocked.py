"""What each task of a loop waits for, and the circles in which they do, in words."""

# ruff: noqa: SLF001 - a thread's frames are private

from __future__ import annotations

import asyncio
import weakref
from itertools import islice
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.circles import circles, said
from redloop.diagnosis.waits import wait_of
from redloop.diagnosis.where import awaits, is_own, line, origin
from redloop.frames import local_names
from redloop.tasks import age, coroutine_of, listed
from redloop.threads import current_frames
from redloop.whose import OURS, is_users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

MOST_GROUPS = 20
"""So many groups of tasks, that stand at the same line and wait for the same, are told of."""

GOES_ON = (
    "It was cancelled, and goes on: let the CancelledError out, with `raise` at the end of the `except` that caught it."
)

_deadlocked: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()


def describe_deadlock(loop: asyncio.AbstractEventLoop, but_for: str = "") -> str:
    """What `describe_tasks` says of tasks that are stuck; they are `in_a_deadlock` from then on.

    `but_for` names what has been silent for long, and could still wake one.

    Those of an earlier deadlock are left out: Hypothesis runs many examples on one loop.
    """
    tasks = asyncio.all_tasks(loop)
    fresh = tasks - set(_deadlocked)
    _deadlocked.update(tasks)
    return _describe(loop, fresh or tasks, stuck=True, but_for=but_for)


def in_a_deadlock(task: asyncio.Task[Any]) -> bool:
    """Whether the report of a deadlock has told of this task: nobody needs to hear again that it has not ended."""
    return task in _deadlocked


def describe_tasks(loop: asyncio.AbstractEventLoop, *, stuck: bool = False) -> str:
    """Each unfinished task of `loop`: what it waits for, who holds that since which line, and its stack of awaits.

    Circles of tasks that wait for each other come first. Where all are `stuck`, what their author can do about it is
    said too. Several lines, without a final newline; `""` when no task is unfinished. Works from any thread, also while
    the loop runs or hangs, and keeps nothing.
    """
    return _describe(loop, asyncio.all_tasks(loop), stuck=stuck)


def _describe(
    loop: asyncio.AbstractEventLoop, unsorted: set[asyncio.Task[Any]], *, stuck: bool, but_for: str = ""
) -> str:
    tasks = sorted((task for task in unsorted if not task.done()), key=age)
    current = asyncio.current_task(loop)
    stacks = {task: list(awaits(coroutine_of(task))) for task in tasks if task is not current}
    waits = {task: wait_of(task, stack) for task, stack in stacks.items()}
    found = list(circles(waits))
    alike: dict[tuple[str, ...], list[str]] = {}
    for task in tasks:
        though = ", though it was cancelled" if goes_on(task) else ""
        if task is current:
            text = (f"is running{though}:", GOES_ON if though else "", *_lines(task, _running(loop)))
        else:
            cure = waits[task].cure if stuck and not found else ""
            if but_for:
                cure = cure.replace("Nobody is left", f"But for {but_for} nobody is left")
            if though and not waits[task].ties:
                cure = GOES_ON
            text = (f"waits for {waits[task].words}{though}", cure, *_lines(task, stacks[task]))
        alike.setdefault(text, []).append(task.get_name())
    return "\n".join((*map(said, found), *_told(alike)))


def goes_on(task: asyncio.Task[Any]) -> bool:
    """Whether `task` was cancelled, has seen that, and has not ended."""
    awaited: asyncio.Future[Any] | None = task._fut_waiter  # type: ignore[attr-defined]
    is_told = task._must_cancel or (awaited is not None and awaited.cancelled())  # type: ignore[attr-defined]
    return task.cancelling() > 0 and not task.done() and not is_told


def anyone_waits_for_a_primitive(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether a task of `loop` waits for a lock, a semaphore, an event, a condition or a barrier."""
    kinds = (asyncio.Lock, asyncio.Semaphore, asyncio.Event, asyncio.Condition, asyncio.Barrier)
    return any(
        isinstance(local_names(frame).get("self"), kinds)
        for task in asyncio.all_tasks(loop)
        for frame in awaits(coroutine_of(task))
    )


def _told(alike: dict[tuple[str, ...], list[str]]) -> Iterator[str]:
    """The tasks that stand at the same lines, once; a cure, once."""
    cured = {""}
    for (what, cure, *lines), names in islice(alike.items(), MOST_GROUPS):
        yield f"  {listed(names)} {what if len(names) == 1 else what.replace('waits', 'wait', 1)}"
        yield from (f"      {one}" for one in lines)
        if cure not in cured:
            yield f"    {cure}"
        cured.add(cure)
    if others := sum(map(len, islice(alike.values(), MOST_GROUPS, None))):
        yield f"  … and {others:,} more"


def _lines(task: asyncio.Task[Any], frames: list[FrameType]) -> Iterator[str]:
    """The lines that mean something to the reader: the user's, else the one that made the task and a library's."""
    if users := [frame for frame in frames if is_users(frame.f_code.co_filename)]:
        return map(line, users)
    own = [frame for frame in frames if is_own(frame.f_code.co_filename)]
    if made := origin(coroutine_of(task)):  # `create_task(event.wait())`: nothing but asyncio's lines are on its stack
        return iter((f"made at {made}", *map(line, own)))
    return map(line, own or frames)


def _running(loop: asyncio.AbstractEventLoop) -> list[FrameType]:
    """The stack of the step that the loop's thread is in, outermost first, without us, who ask."""
    frame = current_frames().get(getattr(loop, "_thread_id", None) or 0)
    frames: list[FrameType] = []
    while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
        if not frame.f_code.co_filename.startswith(OURS):
            frames.insert(0, frame)
        frame = frame.f_back
    return frames
