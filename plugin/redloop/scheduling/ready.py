"""The loop's queue of what is ready: callbacks first and in order, then the task step that the guide chooses."""

# ruff: noqa: SLF001 - what a handle is going to call, asyncio keeps to itself

from __future__ import annotations

import asyncio
from collections import deque
from itertools import chain
from types import BuiltinFunctionType, CoroutineType, MethodType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Task = asyncio.Task[Any]

FAIR = 200
"""After so many steps in a row a task has to let the others go first, or a correct poller would starve them."""


class Guide(Protocol):
    """Decides what happens next wherever there is a choice. 0 is what happens if nobody interferes.

    It is entered for the length of a schedule.
    """

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...

    def next_task(self, tasks: Sequence[Task], *, goes_on: bool) -> int:
        """Which of `tasks` (two or more) runs. `goes_on`: the first of them is the one that has just run."""

    def next_time(self, dues: Sequence[float]) -> int:
        """At which of these loop times, two or more, all within the lateness, the loop wakes up."""

    def step(self, task: Task | None) -> None:
        """A step of `task` begins now, or a callback when it is None. May raise Endless."""


class Endless(Exception):  # noqa: N818 - not a failure yet: the loop says what it is
    """A schedule has made so many steps that it will never end."""

    def __init__(self, steps: int) -> None:
        super().__init__(steps)
        self.steps = steps


class Ready:
    """Stands for the deque `loop._ready`.

    Only task steps are reordered: asyncio's own callbacks (a transport's, a future's) rely on their order, and letting
    a task overtake one hangs correct programs.

    Tasks that one and the same step has made ready are sorted by their age: the step may have gone through a set of
    queues, and the kernel reports sockets as it likes.
    """

    def __init__(self) -> None:
        self.guide: Guide | None = None
        self.tasks_seen = 0
        self._callbacks: deque[asyncio.Handle] = deque()
        self._steps: dict[int, asyncio.Handle] = {}  # by the task's ordinal, first come first
        self._fresh: dict[int, asyncio.Handle] = {}  # those of the current step
        self._last = 0
        self._streak = 0

    def __len__(self) -> int:
        return len(self._callbacks) + len(self._steps) + len(self._fresh)

    def __iter__(self) -> Iterator[asyncio.Handle]:
        return chain(tuple(self._callbacks), tuple(self._steps.values()), tuple(self._fresh.values()))

    def append(self, handle: asyncio.Handle) -> None:
        """Take in what `call_soon` and the timers bring."""
        task = task_of(handle)
        if task is None:
            self._callbacks.append(handle)
        else:
            self._fresh[self.ordinal(task)] = handle

    def popleft(self) -> asyncio.Handle:
        """What runs next."""
        if self._callbacks:
            handle = self._callbacks.popleft()
            if self.guide is not None:
                self.guide.step(None)
            return handle
        if self._fresh:
            self._steps.update(sorted(self._fresh.items()) if len(self._fresh) > 1 else self._fresh)
            self._fresh.clear()
        ordinal = self._choose() if len(self._steps) > 1 else next(iter(self._steps))
        if self.guide is not None:
            self.guide.step(self._steps[ordinal]._callback.__self__)  # type: ignore[attr-defined]
        self._streak = self._streak + 1 if ordinal == self._last else 1
        self._last = ordinal
        return self._steps.pop(ordinal)

    def clear(self) -> None:
        """Forget what is ready, and which task ran last."""
        self._callbacks.clear()
        self._steps.clear()
        self._fresh.clear()
        self._last = self._streak = self.tasks_seen = 0

    def ordinal(self, task: Task) -> int:
        """The task's number in the order of creation; of one that is none of ours, in the order of first sight."""
        try:
            return task.ordinal  # type: ignore[attr-defined, no-any-return]
        except AttributeError:
            self.tasks_seen += 1
            task.ordinal = self.tasks_seen  # type: ignore[attr-defined]
            return self.tasks_seen

    def _choose(self) -> int:
        order = list(self._steps)
        goes_on = self._last in self._steps
        if goes_on:
            order.remove(self._last)
            goes_on = self._streak < FAIR
            order.insert(0 if goes_on else len(order), self._last)
        if self.guide is None:
            return order[0]
        tasks = [self._steps[ordinal]._callback.__self__ for ordinal in order]  # type: ignore[attr-defined]
        return order[self.guide.next_task(tasks, goes_on=goes_on)]


def task_of(handle: asyncio.Handle) -> Task | None:
    """The task of which `handle` is a step; None for any other callback, `task.cancel` included."""
    callback: Any = handle._callback  # type: ignore[attr-defined]
    step = False
    kind = type(callback)
    if kind.__name__ == "TaskStepMethWrapper":  # the first step and those after a sleep(0) of a task written in C
        step = True
    elif kind is BuiltinFunctionType:
        step = callback.__name__ == "task_wakeup"
    elif kind is MethodType:  # a task written in Python
        step = callback.__name__ in {"__step", "__wakeup"}
    if step and asyncio.isfuture(callback.__self__):
        task: Task = callback.__self__  # type: ignore[assignment]
        return task
    return None


def position(task: Task) -> int:
    """A number for where `task` stands: equal for two tasks that wait in the same place of the same code."""
    number = 0
    coro: Any = task.get_coro()
    while type(coro) is CoroutineType and (frame := coro.cr_frame) is not None:
        number = hash((number, id(coro.cr_code), frame.f_lasti))
        coro = coro.cr_await
    return number
