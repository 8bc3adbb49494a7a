"""The story of one schedule: which task ran which lines, step by step, and where it was made to wait."""

from __future__ import annotations

import linecache
import sys
import traceback
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from redloop.diagnosis import DeadlockError, LivelockError
from redloop.diagnosis.where import awaits, short
from redloop.scheduling.search import Follow
from redloop.tasks import coroutine_of
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from redloop.scheduling.ready import Task

LONG_STEP = 8
"""Of a step with more lines, only the first and the last are told."""
LONG_STORY = 60
"""Of a story with more blocks, only the beginning and the end are told."""


class Line(NamedTuple):
    """A line that ran; `rest`: it began in an earlier step, and what came after its await ran now."""

    filename: str
    lineno: int
    rest: bool = False


@dataclass(slots=True)
class Step:
    """What one task did without a break. `why`: what made this one run now, where the default would be another."""

    task: str
    why: str = ""
    lines: list[Line] = field(default_factory=list)


class Storyteller(Follow):
    """Follows a plan and notes every line of the suite's own code on the way."""

    def __init__(self, plan: Sequence[int] = ()) -> None:
        super().__init__(plan)
        self.told: list[Step] = []
        self.switched_at = ""
        self._why = ""
        self._lines: list[Line] = []
        self._own: dict[str, bool] = {}
        self._old_trace: Any = None

    def __enter__(self) -> None:
        self._old_trace = sys.gettrace()
        sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._old_trace)

    def next_task(self, tasks: Sequence[Task], *, goes_on: bool) -> int:
        """As planned; a forced switch is part of the story."""
        choice = super().next_task(tasks, goes_on=goes_on)
        if choice and goes_on:
            where = _stands(tasks[0])
            self.switched_at = self.switched_at or where
            self._why = f"forced switch: {_label(tasks[0])} could go on at {where}, and has to wait"
        return choice

    def next_time(self, dues: Sequence[float]) -> int:
        """As planned; a late timer is part of the story."""
        choice = super().next_time(dues)
        if choice:
            late = round((dues[choice] - dues[0]) * 1000, 6)
            self._why = f"the loop is {late:g} ms late: it wakes up at {dues[choice]:g} s, not at {dues[0]:g} s"
        return choice

    def step(self, task: Task | None) -> None:
        """A new step of the story begins."""
        super().step(task)
        self._lines = []
        if task is not None:
            self.told.append(Step(_label(task), self._why, self._lines))
            self._why = ""

    def text(self) -> str:
        """The story, a line of text for each line of code, without a final newline."""
        blocks: list[list[str]] = []
        number = 1
        width = max((len(_place(line.filename, line.lineno)) for step in self.told for line in step.lines), default=0)
        for step, times in _folded(self.told):
            block = [f"     -- {step.why}"] if step.why else []
            block.append(f"{number:3}. {step.task}" + (f", {times} such steps in a row" if times > 1 else ""))
            blocks.append([*block, *_source(step.lines, width)])
            number += times
        if len(blocks) > LONG_STORY:
            half = LONG_STORY // 2
            blocks[half:-half] = [[f"     … {len(blocks) - 2 * half} more …"]]
        return "\n".join(line for block in blocks for line in block)

    def _trace(self, frame: FrameType, event: str, arg: object) -> Any:
        del arg
        filename = frame.f_code.co_filename
        own = self._own.get(filename)
        if own is None:
            own = self._own[filename] = _is_own(filename)
        if not own:
            return None
        line = Line(filename, frame.f_lineno, rest=event == "call")
        if line.rest and frame.f_lineno != frame.f_code.co_firstlineno:
            # It goes on after an await, as do all that await it; only the innermost of these lines says something.
            if self._lines and self._lines[-1].rest:
                self._lines.pop()
            self._lines.append(line)
        elif event == "line" and (not self._lines or self._lines[-1] != line):
            self._lines.append(line)
        return self._trace


def ending(failure: BaseException) -> str:
    """Where and how a schedule failed, in a line for each error."""
    return "\n".join(map(_ending, _leaves(failure)))


def _ending(error: BaseException) -> str:
    if isinstance(error, DeadlockError | LivelockError):
        return str(error)
    where = ""
    for frame, lineno in traceback.walk_tb(error.__traceback__):
        if _is_own(frame.f_code.co_filename):
            where = f"at {_place(frame.f_code.co_filename, lineno)}: "
    return f"fails {where}{''.join(traceback.format_exception_only(error)).strip()}"


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _folded(steps: Sequence[Step]) -> list[tuple[Step, int]]:
    """Each step, with the number of steps in a row that are the same."""
    groups = ([*same] for _, same in groupby(steps, key=lambda step: (step.task, step.why, step.lines)))
    return [(same[0], len(same)) for same in groups]


def _source(lines: Sequence[Line], width: int) -> Iterator[str]:
    if len(lines) > LONG_STEP:
        half = LONG_STEP // 2
        yield from _source(lines[:half], width)
        yield f"       … {len(lines) - 2 * half} more lines …"
        yield from _source(lines[-half:], width)
        return
    for filename, lineno, rest in lines:
        source = linecache.getline(filename, lineno).strip()
        yield f"       {_place(filename, lineno):<{width}}  {'… ' if rest else ''}{source}"


def _label(task: Task) -> str:
    """The task's name, and what it runs where the name does not say it."""
    name, function = task.get_name(), getattr(coroutine_of(task), "__name__", "")
    return f"{name} {function}" if name.startswith("Task-") else name


def _stands(task: Task) -> str:
    """`file:line` at which `task` goes on when it runs next."""
    where = "?"
    for frame in awaits(coroutine_of(task)):
        if _is_own(frame.f_code.co_filename):
            where = _place(frame.f_code.co_filename, frame.f_lineno)
    return where


def _place(filename: str, lineno: int) -> str:
    return f"{short(filename)}:{lineno}"


def _is_own(filename: str) -> bool:
    return is_users(filename) and not filename.startswith("<")  # of generated code there are no lines to show
