"""The line that held the loop, where a look can see it no longer.

The interpreter gives its lock away only where a function begins, a call into C ends, or the code jumps back. So a look
that had to wait for the lock sees a place *after* what held it: the next function, or, if that was the last thing that
a task or callback did, nothing of it at all. And a callback such as `loop.call_soon(time.sleep, 1)` has no line.
"""

from __future__ import annotations

import sys
from collections import ChainMap
from opcode import opmap, opname
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from redloop.blocking.garbage import Garbage
from redloop.blocking.lines.instructions import HANDLER, LONG, instructions_of, is_call
from redloop.blocking.lines.operations import Operations, attribute, unwrapped
from redloop.frames import local_names
from redloop.modules import globals_of
from redloop.tasks import coroutine_of, plainly, task_of_callback
from redloop.threads import current_exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from dis import Instruction
    from types import FrameType, TracebackType


class Position(NamedTuple):
    """Where one frame of a stack was: never the frame itself, which would keep its variables alive."""

    code: CodeType
    instruction: int
    module: str

    def __hash__(self) -> int:
        """That of the code itself goes through all its instructions, and each look asks a whole stack for it."""
        return hash((self.code.co_name, self.code.co_firstlineno, self.instruction))


Trace = tuple[Position, ...]

_RESUME, _IMPORT_NAME, _SEND, _CACHE = opmap["RESUME"], opmap["IMPORT_NAME"], opmap["SEND"], opmap["CACHE"]
_DEEPEST = 5  # calls that were the last thing that their function did
_C_ENDS = frozenset({"c_return", "c_exception"})
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
    code, at = position.code.co_code, position.instruction
    while code[at] == _CACHE and at > 0:  # where 3.12 is while a coroutine runs that is awaited
        at -= 2
    return code[at] == _SEND


def before_this(frame: FrameType, stack: Trace) -> Trace:
    """Where the code of `stack` was, if it has just entered a function, or if what it does now takes no time."""
    here: FrameType | None = frame
    entered: CodeType | None = None
    while here is not None and len(stack) > 1:
        aside = _collects(*stack[:2]) or _is_told_of_an_end(here)
        if not aside and not is_entering(stack[0]):
            break
        # A tool may be told of each function's start: then it is two that have just begun.
        entered = None if aside else stack[0].code
        here, stack = here.f_back, stack[1:]
    if here is None or not stack or here.f_code is not stack[0].code or stack[0].module.startswith("redloop."):
        return stack  # of what we do ourselves, nothing but the call that we make takes long
    return (*_held(here, stack[0].instruction, entered), *stack[1:])


def _held(frame: FrameType, instruction: int, entered: CodeType | None = None, *, handles: bool = True) -> Trace:
    """Where a frame, which is at an instruction, or inside what it called, has been for long. Innermost first.

    `entered` is the function that it has just called. If it `handles` an exception, it was where that was raised.
    """
    names = ChainMap(dict(local_names(frame)), frame.f_globals)
    operations = Operations(frame.f_code, names)
    operation = operations.before(instruction, entered)
    if operation is not None and operation.opname == HANDLER:
        if handles and (raised := _raised(frame)):
            return raised
        operation = operations.raising(operation)
    if operation is None:
        return (_position(frame, instruction),)
    return (*_inside(frame.f_code, operation, names), _position(frame, operation.offset))


def _raised(frame: FrameType) -> Trace:
    """Where the exception that a frame handles was raised. Innermost first."""
    for error in current_exceptions():
        traceback = error[2] if isinstance(error, tuple) else getattr(error, "__traceback__", None)
        while traceback is not None and traceback.tb_frame is not frame:
            traceback = traceback.tb_next
        passed: list[TracebackType] = []
        while traceback is not None:
            passed.insert(0, traceback)
            traceback = traceback.tb_next
        if passed:
            held = _held(passed[0].tb_frame, passed[0].tb_lasti, handles=False)
            return (*held, *(_position(one.tb_frame, one.tb_lasti) for one in passed[1:]))
    return ()


def _position(frame: FrameType, instruction: int) -> Position:
    return Position(frame.f_code, instruction, str(frame.f_globals.get("__name__", "")))


def _collects(position: Position, below: Position) -> bool:
    """Whether a function was entered because garbage is collected, in the middle of what `below` does."""
    if position.code is Garbage.told.__code__:
        return True
    calling = opname[below.code.co_code[below.instruction]].startswith("CALL")
    return calling and position.code.co_name == "__del__" and is_entering(position)


def _is_told_of_an_end(frame: FrameType) -> bool:
    """Whether a function was entered because a tool, through `sys.setprofile`, is told that a call into C has ended."""
    if frame.f_code.co_argcount not in {3, 4}:  # `self` may come first
        return False
    arguments = local_names(frame).values()
    return any(one is frame.f_back for one in arguments) and any(
        type(one) is str and one in _C_ENDS for one in arguments
    )


def ended(step: FrameType) -> Trace:
    """Where the task or callback of a step was last, which has ended. `step` runs `Handle._run`."""
    callback = _callback(step)
    task = task_of_callback(callback)
    coroutine = None if task is None else coroutine_of(task)
    code = plainly(unwrapped(callback), "__code__") if coroutine is None else plainly(coroutine, "cr_code")
    if type(code) is not CodeType:
        return ()
    names = next(
        (one for one in map(globals_of, list(sys.modules.values())) if one.get("__file__") == code.co_filename), {}
    )
    operation = _ending(code)
    if operation is None:
        return ()
    return (*_inside(code, operation, names), Position(code, operation.offset, str(names.get("__name__", "sys"))))


def task_of(step: FrameType) -> str:
    """Name the task that a step was a part of, though it has ended; empty for a plain callback."""
    task = task_of_callback(_callback(step))
    return "" if task is None else str(task.get_name())


def function_of(step: FrameType) -> Any:
    """The function that a step was to call."""
    return unwrapped(_callback(step))


def _callback(step: FrameType) -> Any:
    return getattr(local_names(step).get("self"), "_callback", None)


def _resumes_an_await(resumed: Instruction) -> bool:
    return bool((resumed.arg or 0) & 3)


def _last_operation(code: CodeType, instruction: int) -> Instruction | None:
    """The nearest operation ahead of an instruction that may have taken long, a call or an await; None at a branch."""
    for one in instructions_of(code).until(instruction)[-2::-1]:
        if one.opname.startswith(LONG) or is_call(one) or (one.opname == "RESUME" and _resumes_an_await(one)):
            return one
        if one.opname.startswith(_ELSEWHERE) and one.opname != "JUMP_BACKWARD_NO_INTERRUPT":
            break
    return None


def _ending(code: CodeType) -> Instruction | None:
    """The last operation of a function, of the likeliest of its ends."""
    returns = [one for one in instructions_of(code).all if one.opname.startswith("RETURN_")]
    found = [one for one in (_last_operation(code, end.offset) for end in returns) if one is not None]
    long = [one for one in found if one.opname.startswith(LONG)]
    return next(reversed(long or found or returns), None)


def _inside(code: CodeType, operation: Instruction, names: Mapping[str, Any], deepest: int = _DEEPEST) -> Trace:
    """Where the function was that `operation` has called: one that ends with what takes long. Innermost first."""
    if operation.opname.startswith(LONG) or not deepest:
        return ()
    found: dict[CodeType, Trace] = {}
    for called, its_names in _named(code, operation, names):
        if called not in found:
            end = _ending(called)
            if end is None:
                continue
            inner = _inside(called, end, its_names, deepest - 1)
            if inner or end.opname.startswith(LONG):
                found[called] = (*inner, Position(called, end.offset, str(its_names.get("__name__", ""))))
    return next(iter(found.values())) if len(found) == 1 else ()


def _named(
    code: CodeType, operation: Instruction, names: Mapping[str, Any]
) -> Iterator[tuple[CodeType, Mapping[str, Any]]]:
    """The functions that are named on the line of a call, each with its globals. Runs no code to find out."""
    value: Any = None
    made_here = {one.co_name: one for one in code.co_consts if isinstance(one, CodeType)}
    for one in instructions_of(code).until(operation.offset):
        if one.positions is None or operation.positions is None or one.positions.lineno != operation.positions.lineno:
            continue
        if one.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
            value = attribute(value, one.argval)
        elif one.opname.startswith("LOAD_") and isinstance(one.argval, str):
            value = names.get(one.argval)
            if value is None and one.argval in made_here:
                yield made_here[one.argval], names
        function = unwrapped(value)
        if type(function) is FunctionType:
            yield function.__code__, function.__globals__
