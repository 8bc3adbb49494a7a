"""What each task of a loop waits for, in words."""

# ruff: noqa: SLF001 - what a task waits for, asyncio keeps to itself

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.holders import holders
from redloop.diagnosis.where import ASYNCIO, TASKS, age, awaits, is_own, line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType


def describe_tasks(loop: asyncio.AbstractEventLoop) -> str:
    """Each unfinished task of `loop`: what it waits for, who holds that since which line, and its stack of awaits.

    Several lines, without a final newline; `""` when no task is unfinished. Works from any thread, also while the loop
    runs or hangs, and keeps nothing.
    """
    tasks = sorted((task for task in asyncio.all_tasks(loop) if not task.done()), key=age)
    return "\n".join(text for task in tasks for text in _describe(task, loop))


def _describe(task: asyncio.Task[Any], loop: asyncio.AbstractEventLoop) -> Iterable[str]:
    if task is asyncio.current_task(loop):
        yield f"  {task.get_name()} is running:"
        frames = _running(loop)
    else:
        frames = list(awaits(task.get_coro()))
        yield f"  {task.get_name()} waits for {_awaited(task, frames)}"
    yield from (f"      {line(frame)}" for frame in [f for f in frames if is_own(f.f_code.co_filename)] or frames)


def _running(loop: asyncio.AbstractEventLoop) -> list[FrameType]:
    """The stack of the step that the loop's thread is in, outermost first."""
    frame = sys._current_frames().get(getattr(loop, "_thread_id", None) or 0)
    frames: list[FrameType] = []
    while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
        frames.insert(0, frame)
        frame = frame.f_back
    return frames


def _awaited(task: asyncio.Task[Any], frames: list[FrameType]) -> str:
    theirs = [frame for frame in frames if frame.f_code.co_filename.startswith(ASYNCIO)]
    for frame in theirs:
        words = _primitive(frame.f_locals.get("self"), frame.f_code.co_name) or _function(frame)
        if words is not None:
            return words
    words = _future(task._fut_waiter)  # type: ignore[attr-defined]
    return words or (f"{theirs[0].f_code.co_qualname}()" if theirs else "a Future that nobody has resolved")


def _function(frame: FrameType) -> str | None:
    match frame.f_code.co_name, frame.f_locals:
        case "sleep", {"delay": float() | int() as delay}:
            return f"asyncio.sleep({delay:g})"
        case "_wait", {"fs": fs}:
            return f"{_names(fs)}, in asyncio.wait()"
    return None


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


def _future(future: Any) -> str | None:
    if future is None:
        return "its next turn"
    if isinstance(future, TASKS):
        return f"the task {future.get_name()}"
    if children := getattr(future, "_children", None):
        return f"the tasks of its gather(): {_names(children)}"
    if any(getattr(callback, "__name__", "") == "_call_check_cancel" for callback, _ in future._callbacks or ()):
        return "a thread or a process (run_in_executor, to_thread)"
    return None


def _names(futures: Iterable[Any]) -> str:
    pending = [future for future in futures if not future.done()]
    names = [future.get_name() if isinstance(future, TASKS) else "a Future" for future in pending]
    return ", ".join(sorted(names)) or "none is left"
