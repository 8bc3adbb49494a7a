"""What is known of a step's place in its turn, and of the end of that."""

from __future__ import annotations

import asyncio
import selectors
import socket
import sys
import time
from itertools import pairwise
from unittest.mock import Mock

import pytest

from redloop.blocking.stalls.selecting import SELDOM, OwnSelector
from redloop.blocking.stalls.turns import turns_of

EVERY = [
    one for one in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector") if hasattr(selectors, one)
]


@pytest.fixture(params=EVERY)
def loop(request):
    loop = asyncio.SelectorEventLoop(getattr(selectors, request.param)())
    yield loop
    loop.close()


def own(loop: asyncio.AbstractEventLoop) -> OwnSelector:
    return OwnSelector(loop, lambda _: None)


async def test_the_first_and_the_last_step_of_a_turn():
    loop = asyncio.get_running_loop()
    turns = turns_of(loop, lambda _: None)
    found = []

    def note() -> None:
        found.append(turns.place(turns.step(sys._getframe())))

    for _ in range(3):
        loop.call_soon(note)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    turns.release()
    assert [last for _, last in found] == [False, False, False]  # this task comes behind them
    loop.call_soon(note)
    await asyncio.sleep(0.001)
    assert found[-1] == (True, True)
    assert not any(first for first, _ in found[1:3])


def test_when_the_loop_begins_to_wait_is_noted_once(loop):
    async def scenario() -> None:
        selector = own(loop)
        await asyncio.sleep(0.001)
        assert selector.waiting_since == 0.0
        before = time.perf_counter()
        selector.stamp()
        await asyncio.sleep(0.001)
        noted = selector.waiting_since
        assert before < noted < time.perf_counter()
        await asyncio.sleep(0.001)
        assert selector.waiting_since == noted
        selector.stamp()
        selector.release()  # before it waits
        assert "select" not in vars(loop._selector)

    loop.run_until_complete(scenario())


def test_each_turn_is_stamped_as_it_begins(loop):
    async def scenario() -> None:
        told: list[float] = []
        turns = turns_of(loop, told.append)
        stamps = []
        for _ in range(5):
            await asyncio.sleep(0.003)
            stamps.append(turns.turn)
        assert len(set(stamps)) == 5
        # The timer's turn, and the task's right after it: that is told, too, if the machine pauses between them.
        assert told[0] < stamps[0] <= told[1]
        for _ in range(1_000):
            await asyncio.sleep(0)
        assert all(later - earlier >= SELDOM for earlier, later in pairwise(told))
        turns.release()
        assert "_process_events" not in vars(loop)

    loop.run_until_complete(scenario())


def test_our_select_says_what_the_selectors_own_says(loop):
    """Of one end of a pipe or socket that can be read, one that can be written, one that is closed, and none."""
    selector = loop._selector
    pairs = [socket.socketpair() for _ in range(3)]
    for near, far in pairs:
        near.settimeout(0)
        far.send(b"x")
    selector.register(pairs[0][0], selectors.EVENT_READ, "read")
    selector.register(pairs[1][0], selectors.EVENT_READ | selectors.EVENT_WRITE, "both")
    selector.register(pairs[2][0], selectors.EVENT_WRITE, "write")
    pairs[2][1].close()

    def seen(timeout: float | None) -> list[tuple[str, int]]:
        return sorted((key.data, events) for key, events in selector.select(timeout))

    expected = [seen(timeout) for timeout in (None, -1, 0, 0.0001)]
    watched = own(loop)
    assert watched.stamps == (type(selector).__name__ == "EpollSelector")
    assert [seen(timeout) for timeout in (None, -1, 0, 0.0001)] == expected
    assert expected[0] == [("both", 3), ("read", 1), ("write", 2)]
    for near, _ in pairs:
        selector.unregister(near)
        near.close()
    began = time.perf_counter()
    assert seen(0.0105) == []
    assert time.perf_counter() - began >= 0.0105
    watched.release()
    for _, far in pairs:
        far.close()


async def test_when_a_turn_began_that_was_under_way_when_it_was_first_looked_at():
    loop = asyncio.get_running_loop()
    before = time.perf_counter()
    await asyncio.sleep(0)
    turns = turns_of(loop, lambda _: None)
    assert turns.turn == 0.0
    assert before < turns.began(turns.step(sys._getframe())) < time.perf_counter()
    turns.release()


async def test_what_another_tool_has_put_there_stays():
    loop = asyncio.get_running_loop()
    selector = loop._selector
    select = selector.select
    selector.select = theirs = lambda timeout=None: select(timeout)
    turns = turns_of(loop, lambda _: None)
    await asyncio.sleep(0.001)
    assert selector.select is theirs
    assert turns.turn
    turns.release()
    assert selector.select is theirs
    del selector.select


class Slotted:
    __slots__ = ("asked",)

    def __init__(self) -> None:
        self.asked = 0

    def select(self, timeout: float | None) -> list[object]:
        del timeout
        self.asked += 1
        return []


class PassingOn:
    def __init__(self) -> None:
        self.real = Slotted()

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


class LoopOfItsOwn(asyncio.BaseEventLoop):
    def __init__(self, selector: object) -> None:
        super().__init__()
        self._selector = selector
        self.seen: list[object] = []

    def _process_events(self, events: object) -> None:
        self.seen.append(events)

    def _write_to_self(self) -> None:
        pass


@pytest.mark.parametrize("make", [Mock, Slotted, PassingOn])
def test_a_loop_whose_selector_is_none_of_the_librarys(make):
    """As aiostream's tests have one, with a clock of its own: no turn of it may be lost, and none of its own calls."""
    loop = LoopOfItsOwn(make())

    async def scenario() -> None:
        told: list[float] = []
        turns = turns_of(loop, told.append)
        seen = len(loop.seen)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(loop.seen) == seen + 2
        assert turns.turn > 0.0
        turns.selector.stamp()
        await asyncio.sleep(0)
        turns.release()
        assert told
        assert "_process_events" not in vars(loop)

    loop.run_until_complete(scenario())
    loop.close()
