"""The line that held the loop, where a look can see it no longer.

The interpreter gives its lock away only where a function begins, a call into C ends, or the code jumps back. So a look
that had to wait for the lock sees a place *after* what held it: the next function, or, if that was the last thing that
a task or callback did, nothing of it at all. And a callback such as `loop.call_soon(time.sleep, 1)` has no line.
"""

from __future__ import annotations

import asyncio
import dis
import inspect
import sys
from collections import ChainMap
from functools import partial
from opcode import opmap, opname
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, NamedTuple

from redloop.blocking.garbage import Garbage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType


class Position(NamedTuple):
    """Where one frame of a stack was: never the frame itself, which would keep its variables alive."""

    code: CodeType
    instruction: int
    module: str


Stack = tuple[Position, ...]

_RESUME, _IMPORT_NAME, _SEND = opmap["RESUME"], opmap["IMPORT_NAME"], opmap["SEND"]
_MADE_BY_A_CALL = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR  # which runs none of it
_DEEPEST = 5  # calls that were the last thing that their function did
_CLOCKS = frozenset({"monotonic", "perf_counter", "process_time", "thread_time", "time"})
_SCHEDULERS = frozenset(
    {"call_soon", "call_later", "call_at", "call_soon_threadsafe", "add_done_callback", "add_reader", "add_writer",
     "add_signal_handler"}
)  # fmt: skip
# What can take long, and is no call: `7**1_000_000`, `value in values`, f"{number}".
_LONG = (
    "BINARY_", "COMPARE_", "CONTAINS_", "UNARY_", "STORE_SUBSCR", "STORE_SLICE", "DELETE_", "LIST_", "SET_UPDATE",
    "DICT_", "FORMAT_", "BUILD_STRING", "UNPACK_",
)  # fmt: skip
_ELSEWHERE = ("JUMP_BACKWARD", "JUMP_FORWARD", "RERAISE", "FOR_ITER", "RETURN_")


def is_entering(position: Position) -> bool:
    """Whether a function has only begun: a recursion spends its time there, and its line is the `def`."""
    code = position.code.co_code
    return code[position.instruction] == _RESUME and code[position.instruction + 1] & 3 == 0


def is_importing(position: Position) -> bool:
    """Whether an import is written at this place, as a statement or as a call of `__import__`."""
    code = position.code
    return code.co_code[position.instruction] == _IMPORT_NAME or "__import__" in code.co_names


def is_awaiting(position: Position) -> bool:
    """Whether this place awaits something, and calls nothing itself."""
    return position.code.co_code[position.instruction] == _SEND


def before_this(frame: FrameType, stack: Stack) -> Stack:
    """Where the code of `stack` was, if it has just entered a function, or read a clock, which takes no time."""
    here: FrameType | None = frame
    entered: CodeType | None = None
    while here is not None and len(stack) > 1 and (is_entering(stack[0]) or _collects(*stack[:2])):
        # A tool may be told of each function's start: then it is two that have just begun.
        entered = None if _collects(*stack[:2]) else stack[0].code
        here, stack = here.f_back, stack[1:]
    if entered is None and (not stack or not _reads_a_clock(stack[0])):
        return stack
    operation = _last_operation(stack[0].code, stack[0].instruction)
    made = entered is not None and entered.co_flags & _MADE_BY_A_CALL
    if made and operation is not None and _is_call(operation):
        operation = _last_operation(stack[0].code, operation.offset)
    if here is None or operation is None:
        return stack
    names = ChainMap(dict(here.f_locals), here.f_globals)
    return (*_inside(stack[0].code, operation, names), stack[0]._replace(instruction=operation.offset), *stack[1:])


def _collects(position: Position, below: Position) -> bool:
    """Whether a function was entered because garbage is collected, in the middle of what `below` does."""
    if position.code is Garbage.told.__code__:
        return True
    calling = opname[below.code.co_code[below.instruction]].startswith("CALL")
    return calling and position.code.co_name == "__del__" and is_entering(position)


def ended(step: FrameType) -> Stack:
    """Where the task or callback of a step was last, which has ended. `step` runs `Handle._run`."""
    callback = _callback(step)
    task = getattr(callback, "__self__", None)
    coroutine = task.get_coro() if isinstance(task, asyncio.Task) else None
    code = getattr(_function(callback), "__code__", None) if coroutine is None else getattr(coroutine, "cr_code", None)
    if not isinstance(code, CodeType):
        return ()
    module = next((one for one in list(sys.modules.values()) if getattr(one, "__file__", "") == code.co_filename), sys)
    operation = _ending(code)
    return (*_inside(code, operation, vars(module)), Position(code, operation.offset, module.__name__))


def task_of(step: FrameType) -> str:
    """Name the task that a step was a part of, though it has ended; empty for a plain callback."""
    task = getattr(_callback(step), "__self__", None)
    return str(task.get_name()) if isinstance(task, asyncio.Task) else ""


def function_of(step: FrameType) -> Any:
    """The function that a step was to call."""
    return _function(_callback(step))


def scheduled(function: Any, loop: Any) -> Stack:
    """Where a step's function was handed to the loop, if one task that waits says so in plain words."""
    found = {
        position
        for task in list(asyncio.all_tasks(loop))
        for frame in _suspended(task.get_coro())
        for position in _scheduling(frame, function)
    }
    return tuple(found) if len(found) == 1 else ()


def _callback(step: FrameType) -> Any:
    return getattr(step.f_locals.get("self"), "_callback", None)


def _function(callback: Any) -> Any:
    while isinstance(callback, (partial, MethodType, staticmethod, classmethod)):
        callback = callback.func if isinstance(callback, partial) else callback.__func__
    return callback


def _suspended(coroutine: Any) -> Iterator[FrameType]:
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None:
            yield frame
        coroutine = getattr(coroutine, "cr_await", None)


def _scheduling(frame: FrameType, function: Any) -> Iterator[Position]:
    code, scheduler = frame.f_code, False
    if _SCHEDULERS.isdisjoint(code.co_names):
        return
    name, names = getattr(function, "__name__", ""), {**frame.f_globals, **frame.f_locals}
    for one in _until(code, frame.f_lasti):
        if one.argval in _SCHEDULERS:
            scheduler = True
        elif one.opname == "POP_TOP" or one.opname.startswith("STORE_"):
            scheduler = False
        elif scheduler and isinstance(one.argval, str):
            value = names.get(one.argval)
            watched = _attribute(value, "__wrapped__")  # by us: the original is what is called
            if one.argval == name or value is function or watched is function:
                yield Position(code, one.offset, str(frame.f_globals.get("__name__", "")))


def _reads_a_clock(position: Position) -> bool:
    names = (one.argval for one in reversed(_until(position.code, position.instruction)) if one.opname[:5] == "LOAD_")
    return next(names, "") in _CLOCKS


def _until(code: CodeType, instruction: int) -> list[dis.Instruction]:
    return [one for one in dis.get_instructions(code) if one.offset <= instruction]


def _is_call(one: dis.Instruction) -> bool:
    return one.opname.startswith("CALL") and "INTRINSIC" not in one.opname


def _resumes_an_await(resumed: dis.Instruction) -> bool:
    return bool((resumed.arg or 0) & 3)


def _last_operation(code: CodeType, instruction: int) -> dis.Instruction | None:
    """The nearest operation ahead of an instruction that may have taken long, a call or an await; None at a branch."""
    for one in _until(code, instruction)[-2::-1]:
        if one.opname.startswith(_LONG) or _is_call(one) or (one.opname == "RESUME" and _resumes_an_await(one)):
            return one
        if one.opname.startswith(_ELSEWHERE) and one.opname != "JUMP_BACKWARD_NO_INTERRUPT":
            break
    return None


def _ending(code: CodeType) -> dis.Instruction:
    """The last operation of a function, of the likeliest of its ends."""
    returns = [one for one in dis.get_instructions(code) if one.opname.startswith("RETURN_")]
    found = [one for one in (_last_operation(code, end.offset) for end in returns) if one is not None]
    long = [one for one in found if one.opname.startswith(_LONG)]
    return (long or found or returns)[-1]


def _inside(code: CodeType, operation: dis.Instruction, names: Mapping[str, Any], deepest: int = _DEEPEST) -> Stack:
    """Where the function was that `operation` has called: one that ends with what takes long. Innermost first."""
    if operation.opname.startswith(_LONG) or not deepest:
        return ()
    found: dict[CodeType, Stack] = {}
    for called, its_names in _named(code, operation, names):
        if called not in found:
            end = _ending(called)
            inner = _inside(called, end, its_names, deepest - 1)
            if inner or end.opname.startswith(_LONG):
                found[called] = (*inner, Position(called, end.offset, str(its_names.get("__name__", ""))))
    return next(iter(found.values())) if len(found) == 1 else ()


def _named(
    code: CodeType, operation: dis.Instruction, names: Mapping[str, Any]
) -> Iterator[tuple[CodeType, Mapping[str, Any]]]:
    """The functions that are named on the line of a call, each with its globals. Runs no code to find out."""
    value: Any = None
    made_here = {one.co_name: one for one in code.co_consts if isinstance(one, CodeType)}
    for one in _until(code, operation.offset):
        if one.positions is None or operation.positions is None or one.positions.lineno != operation.positions.lineno:
            continue
        if one.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
            value = _attribute(value, one.argval)
        elif one.opname.startswith("LOAD_") and isinstance(one.argval, str):
            value = names.get(one.argval)
            if value is None and one.argval in made_here:
                yield made_here[one.argval], names
        function = _function(value)
        if isinstance(function, FunctionType):
            yield function.__code__, function.__globals__


def _attribute(value: Any, name: str) -> Any:
    """An attribute, without running code of the suite's; None where there is none, or none to be had in this way."""
    try:
        return inspect.getattr_static(value, name, None)
    except TypeError:  # Python 3.11 has no `__dict__` of a `class Task(Mixin, asyncio.Task)`
        return None
