"""`redloop.schedules()`: inputs and schedule drawn together, shrunk to what matters, replayed from the database."""

from __future__ import annotations

import asyncio
import gc

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

import redloop
from redloop import DeadlockError
from redloop.scheduling.loop import ScheduleLoop

FAST = settings(database=None, deadline=None, phases=[phase for phase in Phase if phase is not Phase.explain])


class Account:
    def __init__(self) -> None:
        self.balance = 100

    async def withdraw(self, amount: int) -> None:
        if self.balance >= amount:
            await asyncio.sleep(0)
            self.balance -= amount


def overdraw(amounts: list[int], schedule: redloop.Schedule) -> None:
    account = Account()

    async def scenario() -> None:
        await asyncio.gather(*map(account.withdraw, amounts))
        balance = account.balance
        assert balance >= 0

    schedule.run(scenario)


def test_inputs_and_schedule_shrink_together() -> None:
    seen: list[list[int]] = []

    @settings(FAST, derandomize=True)
    @given(st.lists(st.integers(1, 100), min_size=1, max_size=4), redloop.schedules())
    def check(amounts: list[int], schedule: redloop.Schedule) -> None:
        seen.append(amounts)
        overdraw(amounts, schedule)

    with pytest.raises(AssertionError) as caught:
        check()
    assert sum(seen[-1]) == 101
    notes = "\n".join(caught.value.__notes__)
    assert notes.count("-- forced switch: Task-") == 1, notes
    assert "await asyncio.sleep(0)" in notes
    assert "schedule=<a schedule, told above>" in notes


def test_the_database_replays_it() -> None:
    failed: list[bool] = []

    @settings(FAST, database=InMemoryExampleDatabase(), max_examples=200)
    @given(redloop.schedules())
    def check(schedule: redloop.Schedule) -> None:
        failed.append(True)
        overdraw([60, 60, 60], schedule)
        failed[-1] = False

    with pytest.raises(AssertionError):
        check()
    failed.clear()
    with pytest.raises(AssertionError):
        check()
    assert failed[0]


def test_a_correct_program_passes_with_one_lock_for_all() -> None:
    lock = asyncio.Lock()

    @settings(FAST, max_examples=50)
    @given(redloop.schedules())
    def check(schedule: redloop.Schedule) -> None:
        account = Account()

        async def withdraw() -> None:
            async with lock:
                await account.withdraw(60)

        async def scenario() -> None:
            await asyncio.gather(withdraw(), withdraw(), withdraw())
            assert account.balance == 40

        schedule.run(scenario)

    check()


def test_a_deadlock_is_an_error_with_its_report() -> None:
    @settings(FAST, derandomize=True)
    @given(redloop.schedules())
    def check(schedule: redloop.Schedule) -> None:
        async def scenario() -> None:
            async def both(first: asyncio.Lock, second: asyncio.Lock) -> None:
                async with first:
                    await asyncio.sleep(0)
                    async with second:
                        pass

            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(both(a, b), both(b, a))

        schedule.run(scenario)

    with pytest.raises(DeadlockError, match="waits for a Lock, held by Task-"):
        check()


def test_late_timers_can_be_drawn() -> None:
    def run(lateness: float) -> None:
        @settings(FAST, derandomize=True)
        @given(redloop.schedules(lateness=lateness))
        def check(schedule: redloop.Schedule) -> None:
            async def scenario() -> None:
                async with asyncio.timeout(0.1):
                    await asyncio.sleep(0.08)

            schedule.run(scenario)

        check()

    run(0.01)
    with pytest.raises(TimeoutError):
        run(0.05)


@pytest.mark.parametrize("lateness", [-1, float("nan"), float("inf")])
def test_a_lateness_that_cannot_be(lateness: float) -> None:
    with pytest.raises(ValueError, match="lateness is a number of seconds from 0, not"):
        redloop.schedules(lateness=lateness)


def test_inside_a_running_loop_it_says_so() -> None:
    @settings(FAST, max_examples=1)
    @given(redloop.schedules())
    def check(schedule: redloop.Schedule) -> None:
        async def main() -> None:
            overdraw([1], schedule)

        with pytest.raises(RuntimeError, match="call this from sync code"):
            asyncio.run(main())

    check()


def test_its_loop_is_closed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis keeps the first strategy that it evaluates in a process, and may keep the last one."""
    loops: list[ScheduleLoop] = []

    def recorded() -> ScheduleLoop:
        loops.append(ScheduleLoop())
        return loops[-1]

    monkeypatch.setattr("redloop.scheduling.strategy.ScheduleLoop", recorded)
    for _ in range(3):
        redloop.schedules().validate()
    gc.collect()
    assert loops[1].is_closed()
