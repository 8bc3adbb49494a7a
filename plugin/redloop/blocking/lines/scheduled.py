"""The line that handed a callback to the loop which has no line itself: `loop.call_later(1, time.sleep, 1)`."""

from __future__ import annotations

import asyncio
from collections import ChainMap
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from redloop.blocking.lines.hindsight import Position, Trace
from redloop.blocking.lines.instructions import instructions_of
from redloop.blocking.lines.operations import attribute
from redloop.frames import local_names
from redloop.tasks import coroutine_of, plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from dis import Instruction
    from types import FrameType

_SCHEDULERS = frozenset(
    {"call_soon", "call_later", "call_at", "call_soon_threadsafe", "add_done_callback", "add_reader", "add_writer",
     "add_signal_handler"}
)  # fmt: skip


def scheduled(function: Any, loop: Any) -> Trace:
    """Where a step's function was handed to the loop, if one place says so in plain words.

    That is one which a task that waits has passed, or in a function that its code names.
    """
    frames = [frame for task in list(asyncio.all_tasks(loop)) for frame in _suspended(coroutine_of(task))]
    found: set[Position] = set()
    handed: dict[tuple[CodeType, int], list[tuple[int, str]]] = {}  # thousands of tasks may wait at one place
    for frame in frames:
        place = frame.f_code, frame.f_lasti
        if place not in handed:
            handed[place] = list(_handed_over(frame.f_code, instructions_of(frame.f_code).until(frame.f_lasti)))
        if handed[place]:
            names = ChainMap(local_names(frame), frame.f_globals)
            found.update(_scheduling(frame.f_code, names, handed[place], function))
    if not found:
        for named in {one for frame in {frame.f_code: frame for frame in frames}.values() for one in _named(frame)}:
            code = named.__code__
            found.update(_scheduling(code, named.__globals__, _handed_over(code, instructions_of(code).all), function))
    return tuple(found) if len(found) == 1 else ()


def outermost(loop: Any) -> Trace:
    """The beginning of the function that all tasks which wait have come from, if it is one."""
    tasks = [next(_suspended(coroutine_of(task)), None) for task in list(asyncio.all_tasks(loop))]
    codes = {frame.f_code: str(frame.f_globals.get("__name__", "")) for frame in tasks if frame is not None}
    return tuple(Position(code, 0, module) for code, module in codes.items()) if len(codes) == 1 else ()


def _suspended(coroutine: Any) -> Iterator[FrameType]:
    """The frames of a coroutine that waits, without those of asyncio's."""
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and not str(frame.f_globals.get("__name__", "")).startswith("asyncio."):
            yield frame
        coroutine = getattr(coroutine, "cr_await", None)


def _named(frame: FrameType) -> Iterator[FunctionType]:
    """The functions that the code of a frame names, as `name` or as `value.name`."""
    code, names = frame.f_code, ChainMap(local_names(frame), frame.f_globals)
    values = [names[name] for name in (*code.co_names, *code.co_varnames, *code.co_freevars) if name in names]
    for one in (*values, *(attribute(value, name) for value in values for name in code.co_names)):
        if type(one) is FunctionType:
            yield one


def _handed_over(code: CodeType, instructions: Sequence[Instruction]) -> Iterator[tuple[int, str]]:
    """The names that stand in a call which schedules something, each with its offset."""
    if _SCHEDULERS.isdisjoint(code.co_names):
        return
    scheduler = False
    for one in instructions:
        if one.argval in _SCHEDULERS:
            scheduler = True
        elif one.opname == "POP_TOP" or one.opname.startswith("STORE_"):
            scheduler = False
        elif scheduler and isinstance(one.argval, str):
            yield one.offset, one.argval


def _scheduling(
    code: CodeType, names: Mapping[str, Any], handed: Iterable[tuple[int, str]], function: Any
) -> Iterator[Position]:
    called = plainly(function, "__name__", "")
    for offset, name in handed:
        value = names.get(name)
        watched = attribute(value, "__wrapped__")  # by us: the original is what is called
        if name == called or value is function or watched is function:
            yield Position(code, offset, str(names.get("__name__", "")))
