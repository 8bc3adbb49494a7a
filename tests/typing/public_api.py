"""The public API as its users type it. Nothing runs here: mypy reads it in the strict mode of this repository."""

import asyncio
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import redloop

if TYPE_CHECKING:
    from collections.abc import Sequence


async def scenario() -> int:
    with redloop.detect(threshold=0.1, calls="tests", allow=["time.sleep"], source=["shop"]) as calls:
        await asyncio.sleep(0)
    seen: Sequence[redloop.BlockingCall] = calls
    return sum(call.lineno for call in seen)


def run_on_the_virtual_clock() -> float:
    with asyncio.Runner(loop_factory=redloop.VirtualLoop) as runner:
        runner.run(scenario())
        return runner.get_loop().time()


def from_json(text: dict[str, object]) -> redloop.Run:
    run = redloop.Run.from_json(text)
    seconds: float = run.elapsed + run.blocked
    assert seconds >= 0
    return run


def catches() -> str:
    try:
        asyncio.run(scenario())
    except redloop.DeadlockError as error:
        return str(error)
    except redloop.LivelockError as error:
        return str(error)
    return ""


def explores() -> str:
    found: redloop.Exploration = redloop.explore(scenario, max_schedules=100, lateness=0.05)
    failure: BaseException | None = found.failure
    again = redloop.replay(scenario, found.token)
    try:
        again.check()
    except redloop.ScheduleError as error:
        wrong: AssertionError = error
        return f"{wrong}, {failure}"
    seconds: float = redloop.margin(scenario, limit=0.1)
    return f"{found.schedules} {found.exhausted} {found.forced_switches} {found.story} {seconds}"


@given(st.integers(), redloop.schedules(lateness=0.01))
def draws(amount: int, schedule: redloop.Schedule) -> None:
    async def spends() -> None:
        await asyncio.sleep(amount)

    schedule.run(spends)


async def measures(stopwatch: redloop.Stopwatch) -> float:
    with stopwatch() as run:
        await scenario()
    calls: tuple[redloop.BlockingCall, ...] = run.blocking_calls
    return loop_seconds(run) + len(calls)


def loop_seconds(run: redloop.Reading) -> float:
    return run.elapsed - run.blocked
