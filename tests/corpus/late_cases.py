# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""What keeps the interpreter lock and is no call, so that whoever looks comes too late; and what has no line at all."""

from __future__ import annotations

import asyncio
import functools
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cases import case
from helpers import LONG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BASE, EXPONENT = 7, 1_000_000
SOURCE = "\n".join(f"def f{number}(x): return x + {number}" for number in range(6000))
kept: list[object] = []  # so that nothing large ends with the case


async def victim() -> None:
    for _ in range(5):
        await asyncio.sleep(0.004)
        sum(range(100))


# -- where garbage is collected, in the middle of a call or at its end, a callback of ours is entered


@case("late", "cpu")
async def a_call_that_makes_garbage() -> None:
    name = str(len(SOURCE))
    kept.append(compile(SOURCE, name, "exec"))  # <-
    kept.append(name)


# -- the last thing that a task, a callback or a helper does


@case("late", "cpu")
async def last_in_a_task() -> None:
    async def run() -> None:
        await asyncio.sleep(0.01)
        BASE**EXPONENT  # <-

    others = [asyncio.create_task(victim()) for _ in range(3)]
    await asyncio.gather(run(), *others)


@case("late", "cpu")
async def last_in_a_task_of_nobody() -> None:
    async def run() -> None:
        await asyncio.sleep(0.01)
        BASE**EXPONENT  # <-

    task = asyncio.create_task(run())
    other = asyncio.create_task(victim())
    await asyncio.sleep(0.25)


@case("late", "cpu")
async def returned_by_a_task() -> None:
    async def run(asked: bool) -> bool:
        if asked:
            return True
        return BASE**EXPONENT > 0  # <-

    async with asyncio.TaskGroup() as group:
        group.create_task(run(False))
        group.create_task(victim())


@case("late", "cpu")
async def last_in_a_callback() -> None:
    def run() -> None:
        BASE**EXPONENT  # <-

    loop = asyncio.get_running_loop()
    loop.call_soon(run)
    loop.call_soon(int)
    other = asyncio.create_task(victim())
    await asyncio.sleep(0.25)


@case("late", "cpu")
async def last_in_a_method_called_later() -> None:
    class Job:
        def run(self, base: int, exponent: int) -> None:
            base**exponent  # <-

    asyncio.get_running_loop().call_later(0.01, functools.partial(Job().run, BASE), EXPONENT)
    await asyncio.sleep(0.25)


@case("late", "cpu")
async def last_in_a_done_callback() -> None:
    def done(_: object) -> None:
        BASE**EXPONENT  # <-

    task = asyncio.create_task(asyncio.sleep(0.01))
    task.add_done_callback(done)
    await victim()
    await asyncio.sleep(0.2)


def _power() -> int:
    return BASE**EXPONENT


def _nothing() -> None:
    pass


@case("late", "cpu")
async def last_in_a_helper() -> None:
    def power() -> None:
        BASE**EXPONENT  # <-

    await asyncio.sleep(0.01)
    power()
    _nothing()


@case("late", "cpu")
async def last_in_an_awaited_one() -> None:
    async def power() -> None:
        await asyncio.sleep(0.01)
        BASE**EXPONENT  # <-

    await power()
    _nothing()


@case("late", "cpu")
async def before_a_helper() -> None:
    await asyncio.sleep(0.01)
    value = BASE**EXPONENT  # <-
    _nothing()


@case("late", "cpu")
async def before_a_clock_is_read() -> None:
    began = time.perf_counter()
    value = BASE**EXPONENT  # <-
    took = time.perf_counter() - began


@case("late", "cpu")
async def before_an_await() -> None:
    await asyncio.sleep(0.01)
    value = BASE**EXPONENT  # <-
    await asyncio.sleep(0)


@case("late", "cpu")
async def in_a_loop_without_calls() -> None:
    await asyncio.sleep(0.01)
    for exponent in (10, EXPONENT, 20):
        value = BASE**exponent  # <-


@case("late", "cpu")
async def in_a_condition() -> None:
    await asyncio.sleep(0.01)
    if BASE**EXPONENT > 3:  # <-
        _nothing()


@case("late", "stall")
async def search_in_a_list() -> None:
    values = await asyncio.to_thread(lambda: [number for number in range(4_000_000)])
    kept.append(values)
    await asyncio.sleep(0.01)
    found = -1 in values or -2 in values or -3 in values  # <-
    _nothing()


@case("late", "stall")
async def comparison() -> None:
    left, right = await asyncio.to_thread(lambda: [[float(number) for number in range(3_000_000)] for _ in range(2)])
    kept.extend((left, right))
    await asyncio.sleep(0.01)
    same = left == right, right == left, left == right, right == left  # <-


@case("late", "stall")
async def end_of_a_large_value() -> None:
    values = await asyncio.to_thread(lambda: [[number] for number in range(1_500_000)])
    await asyncio.sleep(0.01)
    del values  # <-


# -- a callback without any code of one's own


@case("late", "stall", "time.sleep", LONG)
async def sleep_called_soon() -> None:
    asyncio.get_running_loop().call_soon(time.sleep, LONG)  # <-
    await asyncio.sleep(0.05)


@case("late", "stall", "time.sleep", LONG)
async def sleep_called_later() -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, time.sleep, LONG)  # <-
    await asyncio.sleep(0.1)


@case("late", "stall", "time.sleep", LONG)
async def partial_sleep_called_soon() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(functools.partial(time.sleep, LONG))  # <-
    await asyncio.sleep(0.05)


@case("late", "cpu")
async def sum_called_soon() -> None:
    asyncio.get_running_loop().call_soon(sum, range(6_000_000))  # <-
    await asyncio.sleep(0.05)


@case("late", "stall", "time.sleep", LONG)
async def sleep_called_soon_by_a_child() -> None:
    async def schedule() -> None:
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(time.sleep, LONG)  # <-
        await asyncio.sleep(0.05)

    await asyncio.gather(schedule(), victim())


# -- one after the other in one step


@case("late", "stall", "", 0.07)
async def stall_of_seventy() -> None:
    def first() -> None:
        end = time.thread_time() + 0.07
        while time.thread_time() < end:  # <-
            pass  # <-

    def second() -> None:
        end = time.thread_time() + 0.14
        while time.thread_time() < end:
            pass

    await asyncio.sleep(0)
    first()
    second()


# -- what is no call, and ends unseen: the lock is given up in a quick call behind it


@case("late", "stall")
async def search_before_an_append() -> None:
    values = await asyncio.to_thread(lambda: list(range(10_000_000)))
    kept.append(values)
    await asyncio.sleep(0.01)
    found = -1 in values  # <-
    kept.append(found)


@case("late", "cpu")
async def power_before_its_length() -> None:
    await asyncio.sleep(0.01)
    value = BASE**EXPONENT  # <-
    kept.append(value.bit_length())


@case("late", "stall")
async def index_that_raises() -> None:
    values = await asyncio.to_thread(lambda: list(range(10_000_000)))
    kept.append(values)
    await asyncio.sleep(0.01)
    try:
        values.index(-1)  # <-
    except ValueError:
        kept.append(1)


@case("late", "stall")
async def end_of_a_large_value_before_an_append() -> None:
    values = await asyncio.to_thread(lambda: [[number] for number in range(2_000_000)])
    await asyncio.sleep(0.01)
    values = None  # <-
    kept.append(1)


# -- what frees a large value though it looks as if it only stored a small one


def _small() -> int:
    return len("abc") + 1


def _takes_any(*values: int) -> int:
    return 1


def _rows() -> list[list[int]]:
    return [[number] for number in range(2_000_000)]


@case("late", "stall")
async def stored_over_a_large_value_in_a_dict() -> None:
    tables = {"rows": await asyncio.to_thread(_rows)}
    await asyncio.sleep(0.01)
    _small()
    tables["rows"] = None  # <-
    _small()


@case("late", "stall")
async def deleted_from_a_list() -> None:
    tables = [await asyncio.to_thread(_rows)]
    await asyncio.sleep(0.01)
    _small()
    del tables[0]  # <-
    _small()


@case("late", "stall")
async def stored_over_a_large_attribute() -> None:
    table = SimpleNamespace(rows=await asyncio.to_thread(_rows))
    await asyncio.sleep(0.01)
    _small()
    table.rows = None  # <-
    _small()


@case("late", "stall")
async def unpacked_into_a_call() -> None:
    values = await asyncio.to_thread(lambda: list(range(12_000_000)))
    kept.append(values)
    await asyncio.sleep(0.01)
    _small()
    _takes_any(*values)  # <-
    _small()
