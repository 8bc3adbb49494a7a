# ruff: noqa: SLF001 - the loop's functions are private, and known by their code
"""From a stack to the line of code that answers for it."""

from __future__ import annotations

import sys
from asyncio import Handle
from asyncio.base_events import BaseEventLoop
from dataclasses import dataclass
from functools import lru_cache
from inspect import CO_VARARGS, CO_VARKEYWORDS
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from redloop.blocking.lines import hindsight
from redloop.blocking.lines.hindsight import Position, is_awaiting, is_entering
from redloop.blocking.lines.scheduled import outermost, scheduled
from redloop.blocking.loops import RUNS_UVLOOP
from redloop.blocking.scope import LOOKED_THROUGH, STAND_INS
from redloop.blocking.unseen import is_called_from
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType

    from redloop.blocking.lines.hindsight import Trace
    from redloop.blocking.scope import Scope

_MOST_FRAMES = 60
RUN_ONCE: CodeType = BaseEventLoop._run_once.__code__  # type: ignore[attr-defined]
_RUN = Handle._run.__code__
LOOP_CODES = (_RUN, RUN_ONCE, RUNS_UVLOOP)
_START, _JOIN = Thread.start.__code__, Thread.join.__code__
_STARTERS = {"asyncio.subprocess", "asyncio.base_subprocess"}
_EXECUTORS = {"concurrent.futures.process", "concurrent.futures.thread"}
_WAITS_FOR_RESULTS = {"shutdown", "_chain_from_iterable_of_lists"}  # the latter is what a process pool's `map` returns
# They only call what they were given: to the reader, that is what was called.
_GO_BETWEENS = {"contextlib", "functools", "types", "unittest.mock", "weakref"}
_WRAPPED = frozenset({"f", "fn", "func", "function", "method", "wrapped"})  # what decorators call it
_TAKES_ANYTHING = CO_VARARGS | CO_VARKEYWORDS
_DEBUGGERS = {"_pytest.debugging", "bdb", "cmd", "pdb", "pydevd"}

Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code, and the function of a library that it called there, if any."""

    filename: str
    lineno: int
    function: str
    module: str
    callee: str
    stack: tuple[str, ...]

    @property
    def line(self) -> Line:
        """What tells it from other lines."""
        return self.filename, self.lineno


class Caller(NamedTuple):
    """Who made a call: `stack[depth]`. Its `Place` has all lines of the stack, and most calls are in no report."""

    stack: Trace
    depth: int

    @property
    def filename(self) -> str:
        """Where its code is."""
        return self.stack[self.depth].code.co_filename

    def place(self, scope: Scope) -> Place:
        """Say all of it."""
        return _place(self.stack, self.depth, scope)

    def is_reported(self, scope: Scope) -> bool:
        """Whether a call is reported however short it was. What an awaited library does is not the awaiting line's."""
        return scope.reports(self.filename) and (not self.awaits_a_library() or scope.level == "all")

    def awaits_a_library(self) -> bool:
        """Whether this line awaits one that is looked through: it is asynchronous, and blocks all the same."""
        return is_awaiting(self.stack[self.depth]) and any(map(is_a_librarys, self.stack[: self.depth]))

    def answering(self, scope: Scope) -> Caller:
        """Who answers for a call that took long: a package's caller does, who can write something else.

        Unless that awaits what the package does: then it has called nothing that blocks, and the package has.
        """
        if not scope.reports(self.filename):
            for index in range(self.depth, len(self.stack)):
                if scope.kind(self.stack[index].code.co_filename) in {"code", "tests"}:
                    return self if is_awaiting(self.stack[index]) else Caller(self.stack, index)
        return self


def walk(frame: FrameType | None) -> Iterator[Position]:
    """Yield where each frame is, innermost first, down to the loop."""
    while frame is not None and not is_the_loops(code := frame.f_code):
        if not is_called_from(code):
            yield Position(code, frame.f_lasti, _module(frame))
        frame = frame.f_back


def is_the_loops(code: CodeType) -> bool:
    """Whether this is where a step begins. By identity: two pieces of code are compared by all that they consist of."""
    return code is _RUN or code is RUN_ONCE or code is RUNS_UVLOOP


def step_of(frame: FrameType | None) -> FrameType | None:
    """The frame in which the loop runs the step that `frame` is in; None outside of one. uvloop's steps have none."""
    while frame is not None and frame.f_code is not _RUN:
        frame = frame.f_back
    return frame


def trace(frame: FrameType, loop: Any, *, late: bool = False, called: Any = None) -> Trace:
    """The stack of the current step, innermost first. `late`: what held the loop may have ended meanwhile.

    A step may have no Python of its own: `loop.call_soon(time.sleep, 1)`. Then it is the line that scheduled it, or the
    stack that runs the loop; under pytest, the test function. `called` is the function that the innermost frame is
    calling, where that is known.
    """
    positions = tuple(walk(frame))
    step: FrameType | None = frame
    while step is not None and step.f_code not in LOOP_CODES:
        step = step.f_back
    if late:
        positions = hindsight.before_this(frame, positions)
        if step is not None and step.f_code is RUNS_UVLOOP and len(positions) == 1 and is_entering(positions[0]):
            positions = ()  # a task that has only begun; what held the loop before it has left no trace
    if not sys.modules.keys().isdisjoint(STAND_INS):  # asked the other way round, it goes through all modules
        positions = tuple(one for one in positions if one.module.partition(".")[0] not in STAND_INS)
    if any(not _is_the_loops(position) if late else not _ours(position) for position in positions):
        return positions
    if step is not None and step.f_code is not RUN_ONCE:
        function = hindsight.function_of(step) if step.f_code is _RUN else called
        known = (late and hindsight.ended(step)) or (function and scheduled(function, loop))
        if known and not _is_the_loops(known[-1]):
            return (*positions, *known)
    while step is not None and _is_the_loops(step):
        step = step.f_back
    runs = tuple(walk(step))
    modules = (one.module for one in runs if is_users(one.code.co_filename) or one.module.startswith("_pytest."))
    if next(modules, "").startswith("_pytest."):  # it is none of the suite's code that runs the loop
        runs = outermost(loop) or runs
    return (*positions, *runs)


def is_a_librarys(position: Position) -> bool:
    """Whether this is code of a library that blocks on behalf of its caller."""
    return position.module.partition(".")[0] in LOOKED_THROUGH


def importer(stack: Trace, scope: Scope) -> Caller | None:
    """Return who of the suite wrote the import that this stack is in.

    A library imports its own parts when needed, and so does C code: `time.strptime`, or `str` of a large number.
    """
    while stack and imports(stack[0]):
        stack = stack[1:]
    found = caller(stack, scope)
    if found is None or not scope.owns(found.filename):
        return None
    written = stack[0].code.co_filename == found.filename and hindsight.is_importing(stack[0])
    return found if written or found.place(scope).callee == "importlib.import_module" else None


def imports(position: Position) -> bool:
    """Whether this is a part of the interpreter that imports modules."""
    return position.code.co_filename.startswith("<frozen importlib.")


def caller(stack: Trace, scope: Scope) -> Caller | None:
    """Return the first code outside the standard library and the catalogue's libraries: who made this call.

    None when that is nobody whose calls are ever reported: asyncio itself, the test runner, a debugger, a logger.
    """
    generated: int | None = None
    for index, position in enumerate(stack):
        kind = scope.kind(position.code.co_filename)
        if kind == "never" or _is_starting(position) or _awaits_uvloop(stack, index) or _asks_versions(stack, index):
            break
        if kind == "generated":
            generated = index if generated is None else generated
        elif kind != "through":
            return Caller(stack, index)
    return None if generated is None else Caller(stack, generated)


def innermost(stack: Trace, scope: Scope) -> Place | None:
    """Return the innermost line of the suite's own code; where there is none, of a package, or of anything."""
    if len(stack) > 1 and is_entering(stack[0]) and scope.owns(stack[1].code.co_filename):
        stack = stack[1:]
    kinds = [scope.kind(position.code.co_filename) for position in stack]
    for wanted in ({"code", "tests"}, {"generated"}, {"installed"}, {"through"}, {"never"}):
        for index, kind in enumerate(kinds):
            if kind in wanted and not stack[index].module.startswith("redloop."):
                return _place(stack, index, scope)
    return None


def is_watched(frame: FrameType | None) -> bool:
    """Whether a thread whose innermost frame this is makes a call by name."""
    return frame is not None and _module(frame).startswith("redloop.blocking.calls")


def is_up_to_the_machine(stack: Trace) -> bool:
    """Whether this stack starts a thread or process of the loop's or of an executor: their own doing, and harmless."""
    for position in stack:
        if _is_starting(position):
            return True
        if position.module.partition(".")[0] not in sys.stdlib_module_names and not _ours(position):
            return False
    return False


def is_debugging(stack: Trace) -> bool:
    """Whether somebody sits at a debugger's prompt, or it is being set up."""
    return any(position.module in _DEBUGGERS for position in stack)


def _is_starting(position: Position) -> bool:
    return (
        position.code is _START
        or position.module in _STARTERS
        or (position.module in _EXECUTORS and position.code.co_name not in _WAITS_FOR_RESULTS)
    )


def _awaits_uvloop(stack: Trace, index: int) -> bool:
    """Whether uvloop, whose code has no frames, has joined a thread: `await loop.shutdown_default_executor()`."""
    return index > 0 and stack[index - 1].code is _JOIN and hindsight.is_awaiting(stack[index])


def _asks_versions(stack: Trace, index: int) -> bool:
    """Whether a library looks up which version of it is installed: a part of importing it, put off."""
    return index > 0 and is_a_librarys(stack[index]) and stack[index - 1].module.startswith("importlib.metadata")


def _place(stack: Trace, index: int, scope: Scope) -> Place:
    position = stack[index]
    called = (one for one in reversed(stack[:index]) if not _ours(one) and not _is_between(one))
    inner = next(called, None)
    is_named = inner is not None and scope.kind(inner.code.co_filename) in {"through", "installed", "never"}
    callee = f"{inner.module}.{inner.code.co_qualname}" if inner is not None and is_named else ""
    lines = tuple(f"{one.code.co_filename}:{_lineno(one)} in {one.code.co_qualname}" for one in stack if not _ours(one))
    code = position.code
    return Place(code.co_filename, _lineno(position), code.co_qualname, position.module, callee, lines[:_MOST_FRAMES])


def _is_between(position: Position) -> bool:
    """Whether this only calls what it was given: a decorator's wrapper, too, which is known by its signature."""
    code = position.code
    return position.module in _GO_BETWEENS or (
        code.co_flags & _TAKES_ANYTHING == _TAKES_ANYTHING and not _WRAPPED.isdisjoint(code.co_freevars)
    )


@lru_cache(maxsize=2_000)
def _lineno(position: Position) -> int:
    code, unit = position.code, max(0, position.instruction) // 2
    line, *_ = next(islice(code.co_positions(), unit, None), (None,))  # each unit is two bytes
    return line or code.co_firstlineno


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_the_loops(one: FrameType | Position) -> bool:
    module = one.module if isinstance(one, Position) else _module(one)
    return module.startswith(("asyncio", "redloop"))


def _ours(position: Position) -> bool:
    return position.module.startswith("redloop.blocking")
