"""Tasks that wait for each other in a circle: none of them can go on, whatever else happens."""

# ruff: noqa: SLF001 - what a task waits for, asyncio keeps to itself

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redloop.diagnosis.where import TASKS, task_label
from redloop.tasks import age, plainly

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator, Mapping

    from redloop.diagnosis.waits import Tie, Wait

    Task = asyncio.Task[Any]
    Circle = list[tuple[Task, Tie]]

MOST_TIES = 6
"""So many of those who wait for each other are named."""


def circles(waits: Mapping[Task, Wait]) -> Iterator[Circle]:
    """Each circle among tasks: (a task, its tie to the next), the last one's tie being to the first."""
    done: set[Task] = set()
    for start in waits:
        path: Circle = []
        task: Task | None = start
        while task is not None and task not in done:
            done.add(task)
            tie = next((tie for tie in waits[task].ties if tie.task in waits), None) if task in waits else None
            if tie is not None:
                path.append((task, tie))
            task = tie.task if tie is not None else None
        if (
            task is not None
            and (begin := next((i for i, (one, _) in enumerate(path) if one is task), None)) is not None
        ):
            yield path[begin:]


def said(circle: Circle) -> str:
    """Who waits for whom since where, and what to do, in two sentences."""
    sentences, before = [], ""
    more = len(circle) - MOST_TIES
    for task, tie in circle[:MOST_TIES]:
        who = _called(task)
        if tie.lock:
            what = "one" if tie.lock == before else tie.lock
            holder, itself = (_called(tie.task), "") if tie.task is not task else ("it", " itself,")
            times = f" {tie.times} times" if tie.times > 1 else ""
            sentences.append(f"{who} waits for {what} that {holder} holds{times}{itself} since {tie.where}")
        else:
            sentences.append(f"{who} waits for {'itself' if tie.task is task else _called(tie.task)} to end")
        before = tie.lock
    if more > 0:
        sentences.append(f"and so on, through {more:,} more, to {_called(circle[0][0])}")
    return f"{'; '.join(sentences)}.\n  {_cure(circle)}"


def _called(task: Task) -> str:
    name = task.get_name()
    return f"{name} ({task_label(task).removeprefix('task ')})" if name.startswith("Task-") else name


def _cure(circle: Circle) -> str:
    locks = [tie.lock for _, tie in circle if tie.lock]
    if len(locks) == len(circle) == 1:
        if circle[0][1].has_places:
            return (
                "A semaphore has a fixed number of places, and a task that enters it again takes one more: "
                "take it once, and call what needs it inside."
            )
        return "asyncio's locks cannot be taken twice: take it once, and call what needs it inside."
    if len(locks) == len(circle):
        return "Each holds what the next one needs: take them in the same order everywhere."
    if locks:
        return "Who holds a lock must not await a task that needs it: let go of it first."
    return "None of them can end before the others: let one go on without awaiting, and hand its result over otherwise."


def untie(tasks: Iterable[Task]) -> bool:
    """Have one task of each circle of awaits cancelled in the loop's next turn; whether there was any.

    `cancel()` would go round such a circle until the stack overflows.
    """
    untied: set[Task] = set()
    for task in sorted(tasks, key=age):
        if task in _awaited(task, untied):
            untied.add(task)
            _cancel_alone(task)
    return bool(untied)


def _awaited(task: Task, untied: set[Task]) -> set[Task]:
    """The tasks that `task.cancel()` would cancel first, and those that these would first."""
    found: set[Task] = set()
    todo = [task]
    while todo:
        one = todo.pop()
        future: Any = one._fut_waiter if one not in untied else None  # type: ignore[attr-defined]
        for inner in (future, *getattr(future, "_children", ())):
            if isinstance(inner, TASKS) and inner not in found:
                found.add(inner)
                todo.append(inner)
    return found


def _cancel_alone(task: Task) -> None:
    future: Any = task._fut_waiter  # type: ignore[attr-defined]
    for callback, context in future._callbacks or ():
        if plainly(callback, "__self__") is task:
            future.remove_done_callback(callback)
            future.add_done_callback(_look_at)
            cancelled = future.get_loop().create_future()
            cancelled.cancel()
            future.get_loop().call_soon(callback, cancelled, context=context)
            return


def _look_at(future: asyncio.Future[Any]) -> None:
    """Nobody awaits it any longer, so asyncio would log its error as never retrieved."""
    if not future.cancelled():
        future.exception()
