"""What each task of a loop waits for, in words."""

# ruff: noqa: SLF001 - what a task waits for, asyncio keeps to itself

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.holders import holders
from redloop.diagnosis.where import ASYNCIO, TASKS, awaits, is_own, line

if TYPE_CHECKING:
    from types import FrameType


def describe_tasks(loop: asyncio.AbstractEventLoop) -> str:
    """Each unfinished task of `loop`: what it waits for, who holds that since which line, and its stack of awaits.

    Several lines, without a final newline; `""` when no task is unfinished. Works from any thread and keeps nothing.
    """
    tasks = sorted((task for task in asyncio.all_tasks(loop) if not task.done()), key=_age)
    return "\n".join(line for task in tasks for line in _describe(task, loop))


def _age(task: asyncio.Task[Any]) -> tuple[int, str]:
    """Tasks are listed as they were made; asyncio's own names count up."""
    name = task.get_name()
    digits = name.removeprefix("Task-")
    return (int(digits) if digits.isdecimal() else 0, name)


def _describe(task: asyncio.Task[Any], loop: asyncio.AbstractEventLoop) -> list[str]:
    if task is asyncio.current_task(loop):
        return [f"  {task.get_name()} is running now"]
    frames = list(awaits(task.get_coro()))
    own = [frame for frame in frames if is_own(frame.f_code.co_filename)] or frames
    said = f"  {task.get_name()} waits for {_awaited(task, frames)}"
    return [said, *(f"      {line(frame)}" for frame in own)]


def _awaited(task: asyncio.Task[Any], frames: list[FrameType]) -> str:
    for frame in frames:
        if frame.f_code.co_filename.startswith(ASYNCIO):
            owner = frame.f_locals.get("self")
            if (words := _primitive(owner, frame.f_code.co_name)) is not None:
                return words
    return _future(task._fut_waiter)  # type: ignore[attr-defined]


def _primitive(owner: Any, function: str) -> str | None:  # noqa: PLR0911 - one for each primitive
    """`owner` is the `self` of one of asyncio's own coroutines, which is called `function`."""
    kind = type(owner).__name__
    match owner:
        case asyncio.Lock() | asyncio.Semaphore():
            return f"a {kind}{_held(owner)}"
        case asyncio.Event():
            return f"an {kind} that nobody has set"
        case asyncio.Condition() if function == "__aenter__":
            return f"the lock of a {kind}{_held(vars(owner)['_lock'])}"
        case asyncio.Condition():
            return f"a {kind} that nobody has notified"
        case asyncio.Barrier():
            return f"a {kind} at which {owner.n_waiting} of {owner.parties} have arrived"
        case asyncio.Queue():
            return _queue(owner, function)
        case asyncio.TaskGroup():
            return f"the tasks of its {kind}: {_names(owner._tasks)}"
    return None


def _queue(queue: Any, function: str) -> str:
    kind = type(queue).__name__
    if function == "put":
        return f"a free place in a {kind}({queue.maxsize})"
    if function == "join":
        return f"the last task_done() of a {kind}, {queue._unfinished_tasks} to go"
    return f"an item from an empty {kind}"


def _held(lock: object) -> str:
    return "".join(f", held by {task} since {where}" for task, where in holders(lock))


def _future(future: Any) -> str:
    if future is None:
        return "its next turn"
    if isinstance(future, TASKS):
        return f"the task {future.get_name()}"
    if children := getattr(future, "_children", None):
        return "the tasks of its gather(): " + _names(children)
    return "a Future that nobody has resolved"


def _names(futures: Any) -> str:
    pending = [future for future in futures if not future.done()]
    names = sorted(future.get_name() if isinstance(future, TASKS) else "a Future" for future in pending)
    return ", ".join(names) or "none is left"
