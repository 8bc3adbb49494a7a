from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
import types
from time import sleep as nap
from typing import TYPE_CHECKING, Any

import pytest

from redloop import VirtualLoop
from redloop.diagnosis import DeadlockError, LivelockError

if TYPE_CHECKING:
    from collections.abc import Coroutine

REAL_SLEEP = time.sleep


def run(main: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_sleeps_one_after_another_and_together() -> None:
    async def main() -> tuple[float, float]:
        for _ in range(3):
            await asyncio.sleep(2)
        middle = now()
        await asyncio.gather(*(asyncio.sleep(2) for _ in range(3)))
        return middle, now() - middle

    assert run(main()) == (6.0, 2.0)


def test_a_tenth_three_times_reads_three_tenths() -> None:
    async def main() -> float:
        for _ in range(3):
            await asyncio.sleep(0.1)
        return now()

    assert run(main()) == 0.3


@pytest.mark.parametrize("seconds", [1e-6, 3600.0, 3.2e7, 1e9, 1e12])
def test_however_long_a_sleep_it_ends(seconds: float) -> None:
    async def main() -> tuple[float, float]:
        await asyncio.sleep(seconds)
        first = now()
        await asyncio.sleep(seconds)
        return first, now()

    assert run(main()) == (seconds, 2 * seconds)


def test_a_timeout_strikes_at_its_time() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await asyncio.sleep(1000)
        return now()

    assert run(main()) == 1.5


def test_a_lock_makes_them_queue() -> None:
    async def main() -> float:
        lock = asyncio.Lock()

        async def work() -> None:
            async with lock:
                await asyncio.sleep(2)

        await asyncio.gather(work(), work(), work())
        return now()

    assert run(main()) == 6.0


def test_timers_of_the_same_time_fire_in_the_order_in_which_they_were_set() -> None:
    async def main() -> list[int]:
        fired: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(9):
            loop.call_at(1 + number % 2, fired.append, number)
        await asyncio.sleep(3)
        return fired

    assert run(main()) == [0, 2, 4, 6, 8, 1, 3, 5, 7]


def test_time_sleep_moves_the_clock_by_exactly_its_argument() -> None:
    async def block() -> None:
        time.sleep(2)

    async def main() -> float:
        await asyncio.gather(block(), block(), block())
        nap(0.5)
        return now()

    started = time.thread_time()
    assert run(main()) == 6.5
    assert time.thread_time() - started < 6  # it did not spin until then
    assert time.sleep is nap is REAL_SLEEP


def test_time_sleep_is_found_in_modules_that_are_new_or_have_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    modules: list[Any] = [types.ModuleType(name) for name in ("early", "late")]

    async def main() -> float:
        for module in modules:
            if hasattr(module, "nap"):
                module.nap(2)
        return now()

    monkeypatch.setitem(sys.modules, "early", modules[0])
    assert run(main()) == 0.0
    for module in modules:
        module.nap = REAL_SLEEP
    monkeypatch.setitem(sys.modules, "late", modules[1])
    assert run(main()) == 4.0
    assert modules[0].nap is modules[1].nap is REAL_SLEEP


def test_timers_that_came_due_under_time_sleep_fire_after_it() -> None:
    async def main() -> list[float]:
        loop, fired = asyncio.get_running_loop(), []
        loop.call_later(1, lambda: fired.append(now()))
        time.sleep(2)
        await asyncio.sleep(0)
        return fired

    assert run(main()) == [2.0]


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf"), "1", None])
def test_time_sleep_refuses_what_it_always_refused(bad: Any) -> None:
    async def main() -> float:
        time.sleep(bad)
        return now()

    with pytest.raises((ValueError, TypeError, OverflowError)) as ours:
        run(main())
    with pytest.raises(ours.type) as theirs:
        time.sleep(bad)
    assert str(ours.value) == str(theirs.value)


def test_another_thread_gets_the_real_sleep() -> None:
    async def main() -> float:
        thread = threading.Thread(target=time.sleep, args=(0.01,))
        thread.start()
        thread.join()
        return now()

    assert run(main()) == 0.0


def test_two_loops_in_two_threads() -> None:
    async def main() -> float:
        for _ in range(50):
            await asyncio.sleep(0.1)
            time.sleep(0.0001)
        return now()

    results: list[float] = []
    threads = [threading.Thread(target=lambda: results.append(run(main()))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [5.005, 5.005]
    assert time.sleep is REAL_SLEEP


def test_a_future_that_nobody_resolves_is_a_deadlock() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadlockError, match=r"waits for a Future that nobody has resolved"):
        run(main())


def test_two_locks_the_wrong_way_round() -> None:
    async def transfer(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(1)
            async with second:
                pass

    async def main() -> None:
        a, b = asyncio.Lock(), asyncio.Lock()
        async with asyncio.TaskGroup() as group:
            group.create_task(transfer(a, b), name="there")
            group.create_task(transfer(b, a), name="back")

    line = transfer.__code__.co_firstlineno
    with pytest.raises(DeadlockError) as caught:
        run(main())
    message = str(caught.value)
    assert f"there waits for a Lock, held by back since tests/unit/test_clock.py:{line + 1}\n" in message
    assert f"back waits for a Lock, held by there since tests/unit/test_clock.py:{line + 1}\n" in message
    assert f"tests/unit/test_clock.py:{line + 3} in " in message
    assert "async with second:" in message


def test_after_a_deadlock_the_loop_cleans_up() -> None:
    cleaned = []

    async def main() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            cleaned.append(now())

    with pytest.raises(DeadlockError):
        run(main())
    assert cleaned == [1.0]


def test_a_background_task_cannot_swallow_it() -> None:
    async def greedy() -> None:
        with contextlib.suppress(Exception):
            await asyncio.Event().wait()

    with pytest.raises(DeadlockError):
        run(greedy())


def test_polling_for_time_is_a_livelock_with_its_line() -> None:
    async def main() -> None:
        while now() < 5:  # noqa: ASYNC110 - that is the point
            await asyncio.sleep(0)

    with pytest.raises(LivelockError, match=r"await asyncio.sleep\(0\)") as caught:
        run(main())
    assert f"test_clock.py:{main.__code__.co_firstlineno + 2} in " in str(caught.value)
