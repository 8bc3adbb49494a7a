# ruff: noqa: F841, PERF402, RET503, RUF059, SIM105, SIM108, T201, UP031 - what a linter would say is what this is about
"""What took long ahead of a call that takes no time, told from the code and from the values of its names alone."""

from __future__ import annotations

import dis
import inspect
import sys
import time
from collections import ChainMap
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking.lines.hindsight import Position, before_this
from redloop.blocking.lines.instructions import HANDLER
from redloop.blocking.lines.operations import Operations
from redloop.patching import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

MANY = list(range(300_000))
FEW = [1, 2, 3]
ONE = 1
EXPONENT = 250_000
TEXT = "a" * 300_000
MAPPING = dict.fromkeys(MANY)
SEEN: list[Any] = []
MARK = "# <-"


class Holder:
    def __init__(self) -> None:
        self.values = MANY


HOLDER = Holder()


def contained() -> None:
    found = -1 in MANY  # <-
    SEEN.append(found)


def in_a_condition() -> None:
    if -1 in MANY:  # <-
        SEEN.append(1)
    SEEN.append(2)


def in_one_of_two_branches() -> None:
    if -1 in MANY:  # <-
        found = 1
    else:
        found = 2
    SEEN.append(found)


def of_an_attribute() -> None:
    if HOLDER.values != FEW:  # <-
        return bool(len(HOLDER.values) == ONE)


def added() -> None:
    both = MANY + FEW  # <-
    SEEN.append(len(both))


def raised_to_a_power() -> None:
    number = 3**EXPONENT  # <-
    small = ONE + 1
    SEEN.append((number.bit_length(), small))


def reversed_() -> None:
    last = MANY[-1]
    values = MANY[::-1]  # <-
    first = values[0], last
    SEEN.append(first)


def unpacked() -> None:
    first, *rest = range(EXPONENT)  # <-
    SEEN.append(len(rest))


def merged() -> None:
    mapping = {**MAPPING, "one": 1}  # <-
    SEEN.append(len(mapping))


def formatted() -> None:
    text = f"{MANY}"  # <-
    SEEN.append(len(text))


def formatted_the_old_way() -> None:
    text = "%s" % MANY  # <-
    print(len(text))


def extended() -> None:
    values = [1]
    values += range(EXPONENT)  # <-
    SEEN.append(len(values))


def deleted() -> None:
    values = None
    del values  # <-
    SEEN.append(1)


def let_go() -> None:
    count = 1
    values = None  # <-
    SEEN.append((count, values))


def before_a_clock_of_another_name(pc=time.perf_counter) -> None:
    SEEN.append(-1 in MANY)  # <-
    SEEN.append(pc())


def after_a_loop() -> None:
    for number in FEW:
        SEEN.append(number)
    found = -1 in MANY  # <-
    SEEN.append(found)


def in_a_loop() -> None:
    for exponent in (1, EXPONENT):
        number = 3**exponent  # <-
        small = ONE + 1


async def before_an_await() -> None:
    found = -1 in MANY  # <-
    await quick()


async def quick() -> None:
    pass


def before_a_generator_is_made() -> None:
    def numbers() -> Iterator[int]:
        yield 1

    found = -1 in MANY  # <-
    SEEN.append((numbers(), found))


def after_an_exception() -> None:
    try:
        MANY.index(-1)  # <-
    except ValueError:
        pass
    SEEN.append(1)


def of_a_call_with_little_to_do() -> None:
    values = MANY + FEW  # <-
    SEEN.count(values is MANY)


class Lazy:
    """Such as Django's settings: to ask what it is makes it."""

    made = False

    @property  # type: ignore[misc]  # what is always there could be set, too
    def __class__(self) -> type[Any]:
        self.made = True
        return object

    def __call__(self, value: object) -> None:
        pass


LAZY = Lazy()


class Sleep(StandIn):
    def __call__(self, seconds: float) -> None:
        pass


STANDS_IN = Sleep(time.sleep, "time")


def before_a_lazy_object() -> None:
    found = -1 in MANY  # <-
    LAZY(found)


def before_what_stands_in_for_a_builtin() -> None:
    found = -1 in MANY  # <-
    STANDS_IN(found)


@pytest.mark.parametrize(
    "function",
    [
        *(before_a_lazy_object, before_what_stands_in_for_a_builtin),
        *(contained, in_a_condition, in_one_of_two_branches, of_an_attribute, added, raised_to_a_power, reversed_),
        *(unpacked, merged, formatted, formatted_the_old_way, extended, deleted, let_go, after_a_loop, in_a_loop),
        *(before_a_clock_of_another_name, before_a_generator_is_made, after_an_exception, of_a_call_with_little_to_do),
    ],
)
def test_the_line_of(function: Callable[[], object]) -> None:
    LAZY.made = False  # pytest has asked
    assert line_told(function) == marked(function)
    assert not LAZY.made


def quick_calls_only() -> None:
    SEEN.append(len(MANY))
    SEEN.append(ONE + 1)


def with_a_large_value_of_its_own() -> None:
    both = MANY + FEW
    sorted(both)


def before_it_a_busy_loop() -> None:
    sorted(MANY)
    while len(SEEN) < 100:
        SEEN.append(ONE)


@pytest.mark.parametrize("function", [quick_calls_only, with_a_large_value_of_its_own, before_it_a_busy_loop])
def test_nothing_ahead_is_told_of(function: Callable[[], object]) -> None:
    assert line_told(function) is None


def test_the_line_ahead_of_an_await() -> None:
    send = next(one for one in dis.get_instructions(before_an_await) if one.opname == "SEND")
    found = Operations(before_an_await.__code__, globals()).before(send.offset, quick.__code__)
    assert found is not None
    assert found.positions is not None
    assert found.positions.lineno == marked(before_an_await)


def test_an_exception_was_raised_where_its_traceback_says() -> None:
    def position_of(value: int) -> int:
        return MANY.index(value)

    def handled() -> tuple[Position, ...]:
        try:
            position_of(-1)
        except ValueError:
            SEEN.append(1)
            frame = sys._getframe()
            call = next(one for one in reversed(list(dis.get_instructions(frame.f_code))) if one.opname == HANDLER)
            return before_this(frame, (Position(frame.f_code, after(frame.f_code, call.offset), __name__),))
        return ()

    assert [one.code.co_name for one in handled()] == ["position_of", "handled"]


def after(code: CodeType, offset: int) -> int:
    """The first call behind an instruction."""
    return next(one.offset for one in dis.get_instructions(code) if one.offset > offset and one.opname == "CALL")


def line_told(function: Callable[[], object]) -> int | None:
    """The line that is told by who looks at the last place in a function where the lock is given up."""
    values = dict[str, Any]()

    def note(frame: Any, *_: object) -> Any:
        if frame.f_code is function.__code__:
            values.update(frame.f_locals)
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        function()
    finally:
        sys.settrace(before)
    operations = Operations(function.__code__, ChainMap(values, function.__globals__))
    *_, last = (one for one in dis.get_instructions(function) if one.opname in {"CALL", "JUMP_BACKWARD"})
    found = operations.before(last.offset)
    if found is not None and found.opname == HANDLER:
        found = operations.raising(found)
    return found and found.positions and found.positions.lineno


def marked(function: Callable[..., object]) -> int:
    source, first = inspect.getsourcelines(function)
    (line,) = (first + number for number, line in enumerate(source) if line.rstrip().endswith(MARK))
    return line
