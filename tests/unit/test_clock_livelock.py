# ruff: noqa: ASYNC110 - polling is what is tested here

from __future__ import annotations

import asyncio
import functools
import sys
from typing import TYPE_CHECKING, Any

import pytest

from redloop import LivelockError, VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def run(main: Coroutine[Any, Any, Any], max_turns: int = 1000) -> Any:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(max_turns=max_turns)) as runner:
        return runner.run(main)


def time_has_not_come() -> Callable[[], bool]:
    loop = asyncio.get_running_loop()
    return lambda: loop.time() < 5


def event_is_not_set() -> Callable[[], bool]:
    event = asyncio.Event()
    return lambda: not event.is_set()


def future_is_not_done() -> Callable[[], bool]:
    future = asyncio.get_running_loop().create_future()
    return lambda: not future.done()


def task_is_not_done() -> Callable[[], bool]:
    task = asyncio.create_task(asyncio.Event().wait())
    return lambda: not task.done()


def queue_is_empty() -> Callable[[], bool]:
    queue: asyncio.Queue[int] = asyncio.Queue()
    return lambda: queue.empty()  # noqa: PLW0108 - the look must come from a line of the test's


@pytest.mark.parametrize(
    "start", [time_has_not_come, event_is_not_set, future_is_not_done, task_is_not_done, queue_is_empty]
)
def test_polling_ends_with_the_line(start: Callable[[], Callable[[], bool]]) -> None:
    async def main() -> None:
        goes_on = start()
        while goes_on():
            await asyncio.sleep(0)

    line = main.__code__.co_firstlineno + 3
    with pytest.raises(
        LivelockError, match=rf"test_clock_livelock\.py:{line} in .*: await asyncio\.sleep\(0\)\n"
    ) as it:
        run(main())
    assert int(str(it.value).split()[5].replace(",", "")) < 2000, "it did not have to wait for the other limit"


def test_what_does_not_poll_gets_longer_but_ends_too() -> None:
    async def main() -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(LivelockError, match="has made 2,0"):
        run(main(), max_turns=100)


class TestCallbacks:
    def test_one_that_schedules_itself_is_named_with_the_line_that_does(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()

            def again() -> None:
                loop.time()
                loop.call_soon(again)

            again()
            await asyncio.Event().wait()

        line = main.__code__.co_firstlineno + 5
        with pytest.raises(LivelockError) as caught:
            run(main(), max_turns=100)
        _, where, cure = str(caught.value).splitlines()
        assert where.startswith("  What ran most is the callback again(): ")
        assert where.endswith(f"test_clock_livelock.py:{line} in {again_of(main)}: loop.call_soon(again)")
        assert "call_later(0.1, again)" in cure
        assert "sleep(0)" not in cure, "the code has none"

    @pytest.mark.parametrize("delay", [0, 1e-12])
    def test_one_that_is_scheduled_by_what_it_calls(self, delay: float) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()

            def tick() -> None:
                next_tick()

            def next_tick() -> None:
                loop.call_later(delay, functools.partial(tick))

            tick()
            await asyncio.Event().wait()

        line = main.__code__.co_firstlineno + 7
        with pytest.raises(LivelockError, match=rf"the callback tick\(\): .*:{line} in .*next_tick: loop\.call_later"):
            run(main(), max_turns=100)

    def test_under_a_profiler_the_def_has_to_do(self) -> None:
        async def main() -> None:
            loop = asyncio.get_running_loop()

            def again() -> None:
                loop.call_soon(again)

            again()
            await asyncio.Event().wait()

        sys.setprofile(lambda *_: None)
        try:
            with pytest.raises(LivelockError, match=r"the callback again\(\): .*again: def again\(\)"):
                run(main(), max_turns=100)
        finally:
            sys.setprofile(None)


def again_of(main: Callable[[], object]) -> str:
    return f"{main.__qualname__}.<locals>.again"


def test_a_timer_that_cannot_move_the_clock() -> None:
    async def main() -> None:
        while asyncio.get_running_loop().time() < 5:
            await asyncio.sleep(1e-12)

    with pytest.raises(LivelockError):
        run(main())


def test_a_correct_queue_of_100_000_items_is_none() -> None:
    async def main() -> int:
        queue: asyncio.Queue[int | None] = asyncio.Queue(1)
        stop = asyncio.Event()

        async def produce() -> None:
            for item in range(100_000):
                await queue.put(item)
            await queue.put(None)

        async def consume() -> int:
            seen, started = 0, asyncio.get_running_loop().time()
            while not stop.is_set() and await queue.get() is not None:
                seen += asyncio.get_running_loop().time() == started
            return seen

        return (await asyncio.gather(produce(), consume()))[1]

    assert run(main(), max_turns=100_000) == 100_000


def test_tasks_that_finish_are_none() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(5000):
            assert loop.time() == 0
            await asyncio.create_task(asyncio.sleep(0))

    run(main(), max_turns=100)


def test_after_a_livelock_the_loop_cleans_up_and_nothing_is_left_watching() -> None:
    cleaned = []

    async def main() -> None:
        try:
            while True:
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(3)
            cleaned.append(asyncio.get_running_loop().time())

    with pytest.raises(LivelockError):
        run(main(), max_turns=100)
    assert cleaned == [3.0]
    assert sys.getprofile() is None


@pytest.mark.parametrize("turns", [0, -1])
def test_turns_that_cannot_be(turns: int) -> None:
    with pytest.raises(ValueError, match=f"max_turns is a number of turns from 1, not {turns}"):
        VirtualLoop(max_turns=turns)


def test_a_loop_that_is_stopped_while_it_is_watched() -> None:
    async def main() -> None:
        for _ in range(150):
            await asyncio.sleep(0)

    run(main(), max_turns=100)
    assert sys.getprofile() is None
