"""What a suspended task waits for: in words, who could end it, and what its author can do if nobody will."""

# ruff: noqa: SLF001 - what a task waits for, asyncio keeps to itself

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.holders import holders
from redloop.diagnosis.where import TASKS
from redloop.frames import local_names
from redloop.tasks import age, listed, qualname_of
from redloop.whose import ASYNCIO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from redloop.diagnosis.holders import Holder

MOST_HOLDERS = 3
"""So many of those who hold a semaphore are named."""
MOST_AWAITED = 10
"""So many of those whom one task awaits are named."""

_SEND_MORE = "Nobody is left that sends what is missing: write it and `await writer.drain()`, or close the other end."
_A_LINE = (
    'Nobody is left that sends the rest of the line: whoever writes ends it with b"\\n", or closes the other end, as '
    "`writer.close()` does."
)
_TO_END_READING = {
    "readline": _A_LINE,
    "__anext__": _A_LINE,
    "read": (
        "Without a number, read() ends when the other end closes, by `writer.close()` or `write_eof()`: for an answer "
        "on a connection that stays open read a line, or so many bytes."
    ),
}
"""By the coroutine of a stream, what keeps it from ending, where more than that nobody sends."""
_OF_A_SERVER = {
    "serve_forever": (
        "It ends only when it is cancelled, and start_server() accepts connections without it: leave it out, or run it "
        "in a task that is cancelled when the test has what it wants."
    ),
    "wait_closed": "It ends when the server and all its connections are closed: close each writer, then the server.",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One task that could end a wait. `lock` and `where` (`file:line`) where it does so by giving back what it took.

    `times`: how often it took it on that line, which only a semaphore allows: `has_places`.
    """

    task: asyncio.Task[Any]
    lock: str = ""
    where: str = ""
    times: int = 1
    has_places: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """What a task waits for. `cure` is for when no task is left that could end it."""

    words: str
    ties: tuple[Tie, ...] = field(default=(), repr=False)
    cure: str = ""


def wait_of(task: asyncio.Task[Any], frames: Iterable[FrameType]) -> Wait:
    """What `task` waits for, whose stack of awaits is `frames`, outermost first."""
    theirs = [frame for frame in frames if frame.f_code.co_filename.startswith(ASYNCIO)]
    for frame in theirs:
        wait = _primitive(frame, theirs[-1]) or _function(frame)
        if wait is not None:
            return wait
    wait = _future(task._fut_waiter)  # type: ignore[attr-defined]
    if wait is not None:
        return wait
    if theirs:
        return Wait(f"{theirs[0].f_code.co_qualname}()")
    return Wait(
        "a Future that nobody has resolved", (), "Nobody is left that calls its set_result() or set_exception()."
    )


def _function(frame: FrameType) -> Wait | None:
    match frame.f_code.co_name, local_names(frame):
        case "sleep", {"delay": float() | int() as delay}:
            return Wait(f"asyncio.sleep({delay:g})")
        case "_wait", {"fs": fs}:
            return Wait(f"{_names(fs)}, in asyncio.wait()", _ties(fs))
        case "_wait_for_one", _:
            return Wait("the next of asyncio.as_completed()")
    return None


def _primitive(frame: FrameType, innermost: FrameType) -> Wait | None:  # noqa: PLR0911 - one for each primitive
    """`frame` is that of one of asyncio's own coroutines."""
    owner, function = local_names(frame).get("self"), frame.f_code.co_name
    kind = type(owner).__name__
    match owner:
        case asyncio.Lock() | asyncio.Semaphore():
            return _lock(owner, f"a {kind}")
        case asyncio.Event():
            cure = "Nobody is left that calls its set(): who should has ended, was never started, or waits too."
            return Wait(f"an {kind} that nobody has set", (), cure)
        case asyncio.Condition() if function == "__aenter__" or isinstance(
            local_names(innermost).get("self"), asyncio.Lock
        ):
            return _lock(vars(owner)["_lock"], f"the lock of a {kind}")
        case asyncio.Condition():
            cure = (
                "Nobody is left that calls its notify(). A notify() that comes before the wait is lost: look at the "
                "state first, `await condition.wait_for(…)`."
            )
            return Wait(f"a {kind} that nobody has notified", (), cure)
        case asyncio.Barrier():
            here, all_of_them = owner.n_waiting, owner.parties
            cure = f"Nobody is left that could come: {all_of_them - here} too few were started, or have failed."
            return Wait(f"a {kind} at which {here} of {all_of_them} have arrived", (), cure)
        case asyncio.Queue():
            return _queue(owner, function)
        case asyncio.StreamReader():
            some = function == "read" and local_names(frame)["n"] >= 0
            return Wait(f"{kind}.{function}()", (), _SEND_MORE if some else _TO_END_READING.get(function, _SEND_MORE))
        case asyncio.AbstractServer():
            return Wait(f"{kind}.{function}()", (), _OF_A_SERVER.get(function, ""))
        case asyncio.TaskGroup():
            return Wait(f"the tasks of its {kind}: {_names(owner._tasks)}", _ties(owner._tasks))
    return None


def _lock(lock: object, what: str) -> Wait:
    held = Counter(holders(lock))
    words = [what, *(_held(holder, times) for holder, times in list(held.items())[:MOST_HOLDERS])]
    if len(held) > MOST_HOLDERS:
        words.append(f"and by {len(held) - MOST_HOLDERS} more")
    cure, first = "", next(iter(held), None)
    if first is not None and first.task is None and first.name != "code outside any task":
        cure = f"{first.name} has ended without release(): write `async with`, which gives back what it took."
    has_places = isinstance(lock, asyncio.Semaphore)
    ties = (Tie(one.task, what, one.where, times, has_places) for one, times in held.items() if one.task is not None)
    return Wait(", ".join(words), tuple(ties), cure)


def _held(holder: Holder, times: int) -> str:
    often = f" {times} times" if times > 1 else ""
    return f"held{often} by {holder.name} since {holder.where}"


def _queue(queue: Any, function: str) -> Wait:
    kind = type(queue).__name__
    if function == "put":
        cure = "Nobody is left that takes an item out: start a consumer first, and let it run to the end."
        return Wait(f"a free place in a {kind}({queue.maxsize})", (), cure)
    if function == "join":
        left = queue.qsize()
        cure = "Every item was taken, and task_done() is missing: call it once for each, in a `finally`."
        if left:
            cure = f"Nobody is left that takes the {left} still in it: let the consumers run until join() returns."
        return Wait(f"the last task_done() of a {kind}, {queue._unfinished_tasks} to go", (), cure)
    cure = "Nobody is left that puts one in: tell the consumers that it was the last, or cancel them."
    return Wait(f"an item from an empty {kind}", (), cure)


def _future(future: Any) -> Wait | None:
    if future is None:
        return Wait("its next turn")
    if isinstance(future, TASKS):
        return Wait(f"the task {future.get_name()}", _ties([future]))
    if children := getattr(future, "_children", None):
        return Wait(f"the tasks of its gather(): {_names(children)}", _ties(children))
    for callback, _ in future._callbacks or ():
        name = qualname_of(callback)
        if name.endswith("_call_check_cancel"):
            return Wait("a thread or a process (run_in_executor, to_thread)")
        if name.startswith("shield."):
            inner = dict(zip(callback.__code__.co_freevars, callback.__closure__, strict=True))["inner"].cell_contents
            return Wait(f"{_names([inner])}, in asyncio.shield()", _ties([inner]))
    return None


def _names(futures: Iterable[Any]) -> str:
    pending = [future for future in futures if not future.done()]
    tasks = sorted((future for future in pending if isinstance(future, TASKS)), key=age)
    names = [*(task.get_name() for task in tasks), *["a Future"] * (len(pending) - len(tasks))]
    return listed(names, MOST_AWAITED) or "none is left"


def _ties(futures: Iterable[Any]) -> tuple[Tie, ...]:
    return tuple(Tie(future) for future in futures if isinstance(future, TASKS) and not future.done())
