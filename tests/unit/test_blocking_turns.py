"""What is known of a step's place in its turn, and of the end of that."""

from __future__ import annotations

import asyncio
import sys
import time

from redloop.blocking.loops import OwnSelector
from redloop.blocking.turns import turns_of


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


async def test_when_the_loop_begins_to_wait_is_noted_once():
    loop = asyncio.get_running_loop()
    selector = OwnSelector(loop)
    kept = loop._selector.select
    before = time.perf_counter()
    selector.stamp()
    assert loop._selector.select is not kept
    await asyncio.sleep(0.001)
    assert before < selector.waiting_since < time.perf_counter()
    assert loop._selector.select is kept
    noted = selector.waiting_since
    await asyncio.sleep(0.001)
    assert selector.waiting_since == noted
    selector.release()


async def test_a_selector_is_given_back_before_the_loop_waits():
    loop = asyncio.get_running_loop()
    selector = OwnSelector(loop)
    selector.stamp()
    selector.release()
    assert "select" not in vars(loop._selector) or loop._selector.select is not selector._own
