"""Explore, replay, margin: on small programs of which the number of schedules can be counted by hand."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import subprocess
import sys
import threading
import time
from math import comb
from pathlib import Path
from typing import Any

import pytest

from redloop import DeadlockError, Exploration, LivelockError, ScheduleError, explore, margin, replay
from redloop.scheduling.loop import ScheduleLoop

HERE = "tests/unit/test_schedules.py"
PLUGIN = str(Path(__file__).parents[2] / "plugin")


class Account:
    def __init__(self) -> None:
        self.balance = 100

    async def withdraw(self, amount: int) -> None:
        balance = self.balance
        await asyncio.sleep(0)
        self.balance = balance - amount


async def lost_update() -> None:
    account = Account()
    await asyncio.gather(account.withdraw(10), account.withdraw(20))
    balance = account.balance
    assert balance == 70


async def guarded() -> None:
    account, lock = Account(), asyncio.Lock()

    async def withdraw(amount: int) -> None:
        async with lock:
            await account.withdraw(amount)

    await asyncio.gather(withdraw(10), withdraw(20))
    assert account.balance == 70


async def two_locks() -> None:
    async def both(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(0)
            async with second:
                pass

    a, b = asyncio.Lock(), asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        group.create_task(both(a, b), name="there")
        group.create_task(both(b, a), name="back")


def steps(*counts: int, **spawn: Any) -> Any:
    """A correct program of so many tasks with so many steps each."""

    async def task(count: int) -> None:
        for _ in range(count - 1):
            await asyncio.sleep(0)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(spawn.get("task", loop.create_task)(task(count)) for count in counts))

    return main


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
def test_the_lines_of_a_package_are_no_part_of_a_story_wherever_it_is_installed(folder: str) -> None:
    driver: dict[str, Any] = {}
    source = "def add(account):\n    account.balance += 1\n"
    exec(compile(source, f"/home/ada/lib/{folder}/driver.py", "exec"), driver)  # noqa: S102 - as if installed

    async def main() -> None:
        account = Account()
        driver["add"](account)
        assert account.balance == 100

    story = explore(main).story
    assert 'driver["add"](account)' in story
    assert "driver.py" not in story


def test_a_lost_update_has_a_story() -> None:
    found = explore(lost_update)
    line = Account.withdraw.__code__.co_firstlineno
    assert found.verdict == f"fails: 1 forced switch at {HERE}:{line + 2}"
    assert isinstance(found.failure, AssertionError)
    assert found.schedules <= 5
    assert not found.exhausted
    assert re.sub(r" +(\w+/)+test_schedules.py:\d+ +", " ", found.story.partition("  2. ")[2]).splitlines() == [
        "Task-2 withdraw",
        " balance = self.balance",
        " await asyncio.sleep(0)",
        f"     -- forced switch: Task-2 withdraw could go on at {HERE}:{line + 2}, and has to wait",
        "  3. Task-3 withdraw",
        " balance = self.balance",
        " await asyncio.sleep(0)",
        "  4. Task-3 withdraw",
        " … await asyncio.sleep(0)",
        " self.balance = balance - amount",
        "  5. Task-2 withdraw",
        " … await asyncio.sleep(0)",
        " self.balance = balance - amount",
        "  6. Task-1 lost_update",
        " … await asyncio.gather(account.withdraw(10), account.withdraw(20))",
        " balance = account.balance",
        " assert balance == 70",
        f"fails at {HERE}:{lost_update.__code__.co_firstlineno + 4}: AssertionError: assert 90 == 70",
    ]


def test_check_raises_the_story_from_the_failure() -> None:
    found = explore(lost_update)
    with pytest.raises(ScheduleError) as caught:
        found.check()
    assert caught.value.__cause__ is found.failure
    assert str(caught.value).startswith(f"{found.verdict}\n{found.story}\n")
    assert found.token in str(caught.value)
    explore(guarded).check()


def test_a_correct_program_holds_in_all() -> None:
    found = explore(guarded)
    assert found.failure is None
    assert found.exhausted
    assert found.verdict == f"holds in ALL {found.schedules} schedules"
    assert (found.story, found.token, found.forced_switches) == ("", "", 0)


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 2), (3, 2), (4, 4)])
def test_every_order_is_tried_once(first: int, second: int) -> None:
    assert explore(steps(first, second)).verdict == f"holds in ALL {comb(first + second, first)} schedules"


def test_under_a_bound_it_never_says_all() -> None:
    assert explore(steps(4, 4), max_schedules=69).verdict == "held in 69 schedules, more exist"
    assert explore(steps(4, 4), max_schedules=70).verdict == "holds in ALL 70 schedules"
    assert explore(steps(1), max_schedules=1).verdict == "holds in the only schedule"
    assert explore(steps(1, 1), max_schedules=1).verdict == "held in 1 schedule, more exist"


def test_a_deadlock_is_told_with_who_holds_what() -> None:
    found = explore(two_locks)
    assert isinstance(found.failure, DeadlockError)
    assert "there waits for a Lock, held by back since tests/unit/test_schedules.py:" in found.story
    assert "forced switch: there could go on" in found.story


def test_tasks_written_in_python_are_reordered_too() -> None:
    python_task = asyncio.tasks._PyTask  # type: ignore[attr-defined]
    assert explore(steps(2, 2, task=python_task)).verdict == "holds in ALL 6 schedules"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")
def test_eager_tasks() -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await lost_update()

    assert explore(main).forced_switches == 0  # each reads the balance before the other one writes
    assert explore(main).failure is not None


def test_callbacks_keep_their_order() -> None:
    async def main() -> None:
        seen: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(4):
            loop.call_soon(seen.append, number)
        await asyncio.sleep(0)
        assert seen == [0, 1, 2, 3]

    assert explore(main).verdict == "holds in the only schedule"


def test_a_cancel_that_is_a_callback_is_no_step_of_the_task() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(task.cancel)
        await asyncio.sleep(0)
        assert task.cancelling()
        await asyncio.wait([task])

    assert explore(main).failure is None


def test_a_poller_does_not_starve_the_rest() -> None:
    async def main() -> None:
        done = False

        async def work() -> None:
            nonlocal done
            await asyncio.sleep(0)
            done = True

        task = asyncio.create_task(work())
        while not done:  # noqa: ASYNC110 - a poller is what this is about
            await asyncio.sleep(0)
        await task

    assert explore(main, max_schedules=50).verdict == "held in 50 schedules, more exist"


class Shared:
    lock = asyncio.Lock()


def test_a_lock_may_live_in_a_class() -> None:
    async def main() -> None:
        account = Account()

        async def withdraw(amount: int) -> None:
            async with Shared.lock:
                await account.withdraw(amount)

        await asyncio.gather(withdraw(1), withdraw(2))

    assert explore(main).exhausted


def test_what_a_schedule_leaves_behind_does_not_reach_the_next() -> None:
    cleaned = []

    async def main() -> None:
        async def background() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(1)
                cleaned.append(asyncio.get_running_loop().time())

        async def numbers() -> Any:
            try:
                yield 1
            finally:
                cleaned.append(0.0)

        tasks = [asyncio.create_task(background()) for _ in range(2)]
        async for _ in (generator := numbers()):
            break
        assert generator is not None
        assert asyncio.get_running_loop().time() == 0.0
        assert len(asyncio.all_tasks()) == 3
        await asyncio.sleep(0)
        assert tasks[0].get_name() == "Task-2"

    found = explore(main)
    assert found.exhausted
    assert set(cleaned) == {0.0, 1.0}


def test_a_lock_that_another_loop_owns_works_and_stays_its() -> None:
    lock = asyncio.Lock()

    async def withdraw(account: Account) -> None:
        async with lock:
            await account.withdraw(1)

    async def main() -> None:
        account = Account()
        await asyncio.gather(withdraw(account), withdraw(account))
        assert account.balance == 98

    with asyncio.Runner() as runner:
        runner.run(main())
        found = explore(main)
        assert found.exhausted
        assert replay(main, "3.13-00000000-0-0").failure is None
        runner.run(main())
    with pytest.raises(RuntimeError, match="different event loop"):
        asyncio.run(main())


def test_random_numbers_are_the_same_in_every_schedule() -> None:
    async def main() -> None:
        async def task() -> None:
            for _ in range(random.randrange(1, 4)):  # noqa: S311
                await asyncio.sleep(random.random())  # noqa: S311

        await asyncio.gather(task(), task())

    random.seed(7)
    expected = random.random()  # noqa: S311
    random.seed(7)
    assert explore(main, lateness=1).schedules > 1
    assert random.random() == expected  # noqa: S311


def test_the_order_of_as_completed_is_the_same_in_every_schedule() -> None:
    async def main() -> None:
        async def fetch(number: int) -> int:
            await asyncio.sleep(0)
            return number

        order = [await first for first in asyncio.as_completed([fetch(number) for number in range(20)])]
        assert order[0] == 0

    found = explore(main)
    assert [replay(main, found.token).story for _ in range(5)] == [found.story] * 5


@pytest.fixture
def longest_sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long `time.sleep` was allowed to sleep, in seconds."""
    said: list[float] = []
    longest_sleep = ScheduleLoop.longest_sleep

    def note(loop: ScheduleLoop) -> float:
        said.append(longest_sleep(loop))
        return said[-1]

    monkeypatch.setattr(ScheduleLoop, "longest_sleep", note)
    return said


def test_time_sleep_takes_no_real_time(longest_sleeps: list[float]) -> None:
    async def main() -> None:
        time.sleep(1)
        await asyncio.sleep(0)
        assert asyncio.get_running_loop().time() == 1

    assert explore(main).exhausted
    assert set(longest_sleeps) == {0.0}


def test_time_sleep_waits_for_a_thread(longest_sleeps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redloop.scheduling.loop.HEAD_START", 0.0)

    async def main() -> None:
        go_on = threading.Event()
        waiting = asyncio.get_running_loop().run_in_executor(None, go_on.wait)
        time.sleep(0.05)
        go_on.set()
        await waiting

    explore(main).check()
    assert set(longest_sleeps) == {0.1}


def test_jobs_for_threads_are_explored_like_any_wait() -> None:
    async def main() -> None:
        value = 0

        async def add() -> None:
            nonlocal value
            value = await asyncio.to_thread((1).__add__, value)

        async def other() -> None:
            for _ in range(3):
                await asyncio.sleep(0)
            assert value != 1 or not racy

        await asyncio.gather(add(), other())

    racy = False
    assert explore(main).exhausted
    racy = True
    found = explore(main)
    assert found.failure is not None
    assert replay(main, found.token).story == found.story


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_schedule_without_an_end_is_a_livelock(seconds: int) -> None:
    async def main() -> None:
        asked = answered = False

        async def ask() -> None:
            nonlocal asked
            asked = True
            while not answered:  # noqa: ASYNC110 - a poller is what this is about
                await asyncio.sleep(seconds)

        async def answer() -> None:
            nonlocal answered
            await asyncio.sleep(0)
            answered = asked

        await asyncio.gather(ask(), answer())

    found = explore(main)
    assert isinstance(found.failure, LivelockError)
    assert "this schedule has no end in sight: somebody polls for what does not come" in found.story
    assert "such steps in a row" in found.story
    assert replay(main, found.token).story == found.story


def test_a_deadlock_behind_a_task_that_goes_on_and_on() -> None:
    async def main() -> None:
        turn = asyncio.Event()

        async def beat() -> None:
            while True:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(5)

        async def wait() -> None:
            await asyncio.sleep(0)
            await turn.wait()

        async def wake() -> None:
            await asyncio.sleep(0)
            turn.set()
            turn.clear()

        _ = asyncio.create_task(beat())  # noqa: RUF006 - it refuses to be cancelled, too
        await asyncio.gather(wait(), wake())

    found = explore(main)
    assert isinstance(found.failure, DeadlockError)
    assert "waits for an Event that nobody has set" in found.story


def test_a_server_that_a_schedule_leaves_open_is_closed() -> None:
    sockets = []

    async def main() -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        sockets.append(server.sockets[0])

    assert explore(main).exhausted
    assert {server.fileno() for server in sockets} == {-1}


def test_a_task_that_refuses_to_end_is_given_up() -> None:
    async def main() -> None:
        async def stubborn() -> None:
            while True:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()

        _ = asyncio.create_task(stubborn())  # noqa: RUF006 - that is the point
        await asyncio.sleep(0)

    assert explore(main).exhausted


def test_lateness_brings_timers_together() -> None:
    async def main() -> None:
        seen: list[float] = []

        async def after(seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append(seconds)

        await asyncio.gather(after(0.05), after(0.1))
        assert seen == [0.05, 0.1]

    assert explore(main).exhausted
    assert explore(main, lateness=0.049).exhausted
    found = explore(main, lateness=0.05)
    assert found.verdict == "fails: the loop 50 ms late"
    assert "the loop is 50 ms late: it wakes up at 0.1 s, not at 0.05 s" in found.story
    assert replay(main, found.token).late == 0.05
    assert margin(main) == 0.05
    assert margin(main, limit=0.04) == 0.04
    assert margin(lost_update) == 0.0
    assert margin(guarded) == 0.2


def test_replay_tells_the_same_story() -> None:
    found = explore(lost_update)
    again = replay(lost_update, found.token)
    assert (again.story, again.token, again.forced_switches) == (found.story, found.token, 1)
    assert isinstance(again.failure, AssertionError)


@pytest.mark.parametrize("apart", [0.012345641, 1 / 3, 1e-7, 1e17])
def test_a_token_keeps_each_digit_of_the_lateness(apart: float) -> None:
    seen: list[float] = []

    async def main() -> None:
        async def after(seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append(seconds)

        seen.clear()
        await asyncio.gather(after(1), after(1 + apart))
        assert seen == sorted(seen)

    found = explore(main, lateness=apart)
    again = replay(main, found.token)
    assert (again.story, again.late) == (found.story, found.late)
    assert isinstance(again.failure, AssertionError)


def test_a_token_says_where_it_may_lead_elsewhere() -> None:
    token = explore(lost_update).token
    _, rest = token.split("-", 1)
    elsewhere = "The token may lead to another schedule here: "
    version = token.partition("-")[0]
    told = replay(lost_update, f"3.99-{rest}").story
    assert told.startswith(f"{elsewhere}it was made on Python 3.99, and this is {version}.")
    other = replay(guarded, token)
    assert other.failure is None
    assert other.story.startswith(f"{elsewhere}the code of the scenario has changed since.")
    assert "does not fit" in replay(guarded, token.rpartition("-")[0] + "-90x7").story


@pytest.mark.parametrize(
    "text",
    ["", "3.13", "3.13-9f2c1a7b-0", "3.13-9f2c1a7b-0-1y1", "3.13-9f2c1a7b-x-0", f"3.13-9f2c1a7b-0-{10**12}x1", None],
)
def test_what_is_no_token(text: Any) -> None:
    with pytest.raises(ValueError, match="is no token of a schedule; one looks like"):
        replay(lost_update, text)


@pytest.mark.parametrize("arguments", [{"max_schedules": 0}, {"lateness": -1}, {"lateness": float("nan")}])
def test_arguments_that_cannot_be(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        explore(guarded, **arguments)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_that_cannot_be(limit: float) -> None:
    with pytest.raises(ValueError, match="limit is a number of seconds above 0"):
        margin(guarded, limit=limit)


def test_a_scenario_is_a_coroutine_function() -> None:
    with pytest.raises(TypeError, match="a scenario is an `async def` without arguments"):
        explore(lambda: None)  # type: ignore[arg-type, return-value]
    said = pytest.raises(TypeError, match=r"not called yet; <coroutine object guarded at .*> is none")
    with contextlib.closing(guarded()) as called, said:
        explore(called)  # type: ignore[arg-type]


def test_inside_a_running_loop_it_says_what_to_do() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="call this from sync code"):
            explore(guarded)

    asyncio.run(main())


def test_chance_is_found_and_said() -> None:
    numbers = random.Random(1)  # noqa: S311

    async def main() -> None:
        async def task() -> None:
            for _ in range(numbers.randrange(1, 9)):
                await asyncio.sleep(0)

        await asyncio.gather(task(), task())

    with pytest.raises(ScheduleError, match="run twice, and did not do the same: it passed after"):
        explore(main)


def test_state_that_outlives_a_schedule_is_found_and_said() -> None:
    account = Account()

    async def main() -> None:
        await asyncio.gather(account.withdraw(1), account.withdraw(1))
        assert account.balance > 90

    with pytest.raises(ScheduleError, match="it was not its fault") as caught:
        explore(main)
    assert "Build all state inside the scenario" in str(caught.value)


def test_a_cache_that_the_first_run_fills_is_fine() -> None:
    cache: list[int] = []

    async def load() -> None:
        if not cache:
            await asyncio.sleep(1)
            cache.append(1)

    async def main() -> None:
        await load()
        await asyncio.gather(load(), load())

    assert explore(main).exhausted


SETS = """
import asyncio
from redloop import explore, replay

async def main():
    order = []
    async def fail(n):
        await asyncio.sleep(0)
        if n == 2:
            raise ValueError(n)
        try:
            await asyncio.sleep(1)
        finally:
            order.append(n)
    async def wait(n):
        await asyncio.sleep(0)
        return n
    done, _ = await asyncio.wait([asyncio.create_task(wait(n)) for n in range(9)])
    order += [task.result() for task in done]
    futures = [asyncio.get_running_loop().create_future() for n in range(9)]
    for n, future in enumerate(futures):
        future.set_result(n)
    done, _ = await asyncio.wait(futures)
    order += [future.result() for future in done]
    try:
        async with asyncio.TaskGroup() as group:
            for n in range(5):
                group.create_task(fail(n))
    except* ValueError:
        pass
    raise AssertionError(order)

token = explore(main).token
token = token.rpartition("-")[0] + "-1x1.5x2.9x1.14x3"
outcomes = {repr(replay(main, token).failure) for _ in range(20)}
print(len(outcomes), *outcomes)
"""


def test_the_same_schedule_is_the_same_in_every_process() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", SETS],
            env={**os.environ, "PYTHONPATH": PLUGIN, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(told) == 1
    assert told.pop().startswith("1 AssertionError([")


def test_a_window_of_one_step_a_hundred_steps_away() -> None:
    async def main() -> None:
        is_open = False

        async def setter() -> None:
            nonlocal is_open
            for _ in range(100):
                await asyncio.sleep(0)
            is_open = True
            await asyncio.sleep(0)
            is_open = False
            for _ in range(100):
                await asyncio.sleep(0)

        async def checker() -> None:
            for _ in range(100):
                await asyncio.sleep(0)
            assert not is_open

        await asyncio.gather(setter(), checker())

    found = explore(main)
    assert found.failure is not None
    assert found.schedules < 20
    assert "99 such steps in a row" in found.story


def test_a_failure_that_needs_many_switches_is_simplified() -> None:
    async def main() -> None:
        turns: list[str] = []

        async def player(name: str) -> None:
            for _ in range(6):
                turns.append(name)
                await asyncio.sleep(0)

        await asyncio.gather(player("a"), player("b"), player("c"))
        assert "abcab" not in "".join(turns)

    found = explore(main)
    assert found.failure is not None
    assert found.forced_switches <= 5


def test_an_exploration_is_what_it_says() -> None:
    assert Exploration(None, 3, exhausted=True) == Exploration(None, 3, exhausted=True)
    assert explore(guarded) == explore(guarded)
