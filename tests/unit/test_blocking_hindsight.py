"""Lines that no look can see any longer. `BASE**EXPONENT` keeps the interpreter lock for longer than a threshold."""

from __future__ import annotations

import asyncio
import dis
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from redloop.blocking import Detector, Scope, detect
from redloop.blocking.calls.timing import TIMED
from redloop.blocking.lines import hindsight
from redloop.blocking.lines.hindsight import Position, _named
from redloop.blocking.lines.instructions import Instructions, instructions_of
from redloop.blocking.lines.places import Place
from redloop.blocking.lines.scheduled import scheduled
from redloop.blocking.stalls.culprits import SeenLine, culprits
from redloop.blocking.stalls.measuring import Measure
from redloop.blocking.stalls.watching import Seen, Stall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import CodeType, FrameType

    from redloop.record import BlockingCall

BASE, EXPONENT = 7, 1_500_000


def power() -> int:
    return BASE**EXPONENT


def power_of(exponent: int) -> None:
    BASE**exponent


def nothing() -> None:
    pass


async def awaited() -> int:
    await asyncio.sleep(0.01)
    value = BASE**EXPONENT
    await asyncio.sleep(0)
    return value


async def the_last_of_a_task() -> None:
    async def last() -> None:
        await asyncio.sleep(0.01)
        BASE**EXPONENT

    task = asyncio.create_task(last())
    await asyncio.gather(*(asyncio.sleep(number / 1000) for number in range(20)))
    await task


async def the_last_of_a_callback() -> None:
    asyncio.get_running_loop().call_later(0.005, partial(power_of, EXPONENT))
    await asyncio.sleep(0.02)


async def the_last_of_a_helper() -> None:
    power()
    nothing()


async def before_an_await() -> None:
    await awaited()


async def called_soon() -> None:
    asyncio.get_running_loop().call_soon(pow, BASE, EXPONENT)
    await asyncio.sleep(0.02)


def seen(scenario: Callable[[], Awaitable[object]]) -> BlockingCall:
    with detect() as calls:
        asyncio.run(scenario())  # type: ignore[arg-type]
    (call,) = calls
    return call


@pytest.mark.parametrize(
    ("scenario", "code", "line"),
    [
        (the_last_of_a_task, the_last_of_a_task.__code__, 3),
        (the_last_of_a_callback, power_of.__code__, 1),
        (the_last_of_a_helper, power.__code__, 1),
        (before_an_await, awaited.__code__, 2),
        (called_soon, called_soon.__code__, 1),
    ],
)
def test_the_line_of(scenario: Callable[[], Awaitable[object]], code: CodeType, line: int) -> None:
    call = seen(scenario)
    assert (call.kind, call.lineno) == ("stall", code.co_firstlineno + line)


@pytest.mark.skipif(sys.getprofile() is not None, reason="there can be only one profiler")
def test_a_profiler_that_is_told_of_each_call_does_not_move_the_line() -> None:
    """It is called at once where a call into C ends, and so it is what a look sees."""

    class Profiler:
        def told(self, frame: FrameType, event: str, value: object) -> None:
            pass

    async def scenario() -> None:
        await asyncio.sleep(0.01)
        pow(BASE, EXPONENT)
        nothing()

    async def profiled() -> None:
        sys.setprofile(Profiler().told)
        try:
            await scenario()
        finally:
            sys.setprofile(None)

    assert seen(profiled).lineno == scenario.__code__.co_firstlineno + 2


def test_a_task_that_has_ended_is_named() -> None:
    async def last() -> None:
        BASE**EXPONENT

    async def scenario() -> None:
        task = asyncio.create_task(last(), name="guilty")
        await asyncio.sleep(0.02)
        assert task.done()

    assert seen(scenario).task == "guilty"


def test_a_signal_handler_that_comes_while_the_loop_is_idle() -> None:
    def handler(*_: object) -> None:
        BASE**EXPONENT
        nothing()

    async def scenario() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        await asyncio.sleep(0.1)

    before = signal.signal(signal.SIGALRM, handler)
    try:
        assert seen(scenario).function.endswith("handler")
    finally:
        signal.signal(signal.SIGALRM, before)


def test_calls_too_short_to_be_reported_add_up_to_a_stall() -> None:
    code = power.__code__
    traces = {(Position(TIMED, 0, "redloop.blocking.calls.timing"), Position(code, 0, __name__)): Seen(0.1, 0.0, 0.1)}
    detector = Detector(scope=Scope(level="off"))
    detector.stepped(Stall(Measure(0.1, 0.1, 0.1), 0.0, 0.1, traces, "task", ()), [])
    (call,) = detector.calls
    assert (call.kind, call.lineno) == ("stall", code.co_firstlineno)


def told(*lines: tuple[int, float, float, float]) -> list[tuple[int, float]]:
    """The culprits in a step of a second: each line with its seconds, first and last time."""
    seen = [SeenLine(Place("", lineno, "", "", "", ()), Seen(*times)) for lineno, *times in lines]
    return [(line.place.lineno, round(seconds, 3)) for line, seconds in culprits(seen, 1.0, 0.05)]


def test_one_after_the_other_is_two_stalls() -> None:
    assert told((1, 0.4, 0.0, 0.4), (2, 0.6, 0.4, 1.0)) == [(1, 0.4), (2, 0.6)]


def test_lines_that_take_turns_are_one_stall() -> None:
    assert told((1, 0.6, 0.0, 0.9), (2, 0.4, 0.1, 1.0)) == [(1, 1.0)]


def test_what_is_too_short_by_itself_belongs_to_the_longest() -> None:
    assert told((1, 0.01, 0.0, 0.01), (2, 0.99, 0.01, 1.0)) == [(2, 1.0)]


def test_a_step_of_short_lines_is_told_as_one() -> None:
    lines = [(number, 0.04, number * 0.04, (number + 1) * 0.04) for number in range(25)]
    assert told(*lines) == [(0, 1.0)]


async def test_what_cannot_be_looked_into_is_passed_over():
    class Mixin:
        pass

    class OwnTask(Mixin, asyncio.Task[None]):
        pass

    async def rest() -> None:
        task.get_name()

    task = OwnTask(rest(), loop=asyncio.get_running_loop())
    await task
    *_, call = (one for one in dis.get_instructions(rest) if "CALL" in one.opname)
    assert list(_named(rest.__code__, call, {"task": task})) == []


def test_the_code_of_tasks_that_wait_at_one_place_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands may come due in one turn, and all wait for whoever reads it."""
    read: list[CodeType] = []

    def counted(code: CodeType) -> Instructions:
        read.append(code)
        return instructions_of(code)

    async def waits() -> None:
        asyncio.get_running_loop().call_soon(nothing)
        await asyncio.Event().wait()

    async def main() -> None:
        waiting = [asyncio.create_task(waits()) for _ in range(100)]
        sleeping = [asyncio.create_task(asyncio.sleep(60)) for _ in range(100)]
        await asyncio.sleep(0)
        [place] = scheduled(nothing, asyncio.get_running_loop())
        assert place.code is waits.__code__
        assert not scheduled(power, asyncio.get_running_loop())
        for task in (*waiting, *sleeping):
            task.cancel()

    monkeypatch.setattr(hindsight, "instructions_of", counted)
    asyncio.run(main())
    assert len(read) <= 2 * len({waits.__code__, main.__code__})


def test_a_function_too_long_to_be_read_is_told_of_as_it_is_seen() -> None:
    lines = "\n".join(f"    n += {number}" for number in range(10_000))
    made: dict[str, Callable[[], Awaitable[object]]] = {}
    exec(f"async def long():\n    n = 0\n    BASE**EXPONENT\n    nothing()\n{lines}\n    return n", globals(), made)  # noqa: S102 - no file is that long
    assert not Instructions(made["long"].__code__).all
    assert seen(made["long"]).seconds >= 0.05
