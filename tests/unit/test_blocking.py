"""What the detector sees, on real loops. Nothing is asserted on a duration, but that a stall reached its threshold."""

from __future__ import annotations

import asyncio
import builtins
import io
import os
import socket
import subprocess
import threading
import time
from functools import partial
from time import sleep as nap
from typing import TYPE_CHECKING

import pytest

from redloop.blocking import Detector, Scope, detect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from redloop.record import BlockingCall


def seen(scenario: Callable[[], Awaitable[object]], **options: object) -> Sequence[BlockingCall]:
    with detect(**options) as calls:  # type: ignore[arg-type]
        asyncio.run(scenario())  # type: ignore[arg-type]
    return calls


def names(calls: Sequence[BlockingCall]) -> list[str]:
    return [call.call for call in calls]


def test_a_sleep_through_an_alias_in_a_helper() -> None:
    def helper() -> None:
        nap(0.001)

    async def scenario() -> None:
        helper()

    (call,) = seen(scenario)
    assert (call.kind, call.call, call.instead) == ("call", "time.sleep", "await asyncio.sleep(…)")
    assert (call.filename, call.lineno) == (__file__, helper.__code__.co_firstlineno + 1)
    assert call.function.endswith("helper")
    assert call.task == "Task-1" or call.task.startswith("Task-")
    assert call.seconds >= 0.001


def test_a_computation_is_a_stall_on_its_line() -> None:
    async def scenario() -> None:
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass

    (call,) = seen(scenario)
    assert (call.kind, call.call) == ("stall", "")
    first = scenario.__code__.co_firstlineno
    assert call.lineno in (first + 2, first + 3)
    assert call.seconds >= 0.2


def test_who_had_to_wait() -> None:
    async def blocker() -> None:
        await asyncio.sleep(0)
        nap(0.02)

    async def victim() -> None:
        await asyncio.sleep(0.01)

    async def scenario() -> None:
        tasks = [asyncio.create_task(victim(), name="victim"), asyncio.create_task(blocker(), name="blocker")]
        await asyncio.wait(tasks)

    (call,) = seen(scenario)
    assert (call.task, call.victims) == ("blocker", ("victim",))


def test_a_contended_lock_is_seen_and_a_free_one_is_not() -> None:
    lock = threading.Lock()

    async def scenario() -> None:
        with lock:
            pass
        lock.acquire()
        threading.Timer(0.02, lock.release).start()
        with lock:
            pass

    assert names(seen(scenario)) == ["threading.Lock.acquire"]


def test_iterating_over_a_file_opened_elsewhere() -> None:
    async def scenario() -> None:
        for _ in file:
            break

    with open(__file__) as file:
        (call, *_) = seen(scenario)
    assert call.lineno == scenario.__code__.co_firstlineno + 1


def test_what_runs_elsewhere_is_harmless() -> None:
    async def scenario() -> None:
        await asyncio.to_thread(nap, 0.01)
        process = await asyncio.create_subprocess_exec("true")
        await process.wait()
        nap(0)
        _, writer = await asyncio.open_connection(*address)
        writer.close()
        await writer.wait_closed()

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert seen(scenario) == []


def test_levels() -> None:
    async def scenario() -> None:
        nap(0.001)

    for level, count in (("off", 0), ("code", 0), ("tests", 1), ("all", 1)):
        assert len(seen(scenario, calls=level)) == count


def test_allow() -> None:
    async def scenario() -> None:
        nap(0.001)

    assert seen(scenario, allow=["time.sleep"]) == []
    assert seen(scenario, allow=[f"{__name__}:time.sleep"]) == []
    assert len(seen(scenario, allow=["elsewhere:time.sleep"])) == 1


def test_inside_a_coroutine() -> None:
    async def scenario() -> list[str]:
        with detect() as calls:
            nap(0.001)
        nap(0.001)
        return names(calls)

    assert asyncio.run(scenario()) == ["time.sleep"]


def test_a_loop_in_another_thread() -> None:
    async def scenario() -> None:
        nap(0.001)

    with detect() as calls:
        thread = threading.Thread(target=lambda: asyncio.run(scenario()))
        thread.start()
        thread.join()
    assert names(calls) == ["time.sleep"]


def test_everything_is_put_back() -> None:
    def state() -> list[object]:
        kinds = (socket.socket, threading.Lock().__class__, io.BufferedReader, io.TextIOWrapper, subprocess.Popen)
        modules = (time, os, builtins, io, socket, subprocess, asyncio.events, threading)
        return [dict(vars(place)) for place in (*modules, *kinds)]

    async def scenario() -> None:
        nap(0.001)

    before = state()
    with detect():
        assert state() != before
        asyncio.run(scenario())
    assert state() == before
    assert nap is time.sleep


def test_before_a_loop_runs_there_is_one_hook() -> None:
    announce, sleep = asyncio.events._set_running_loop, time.sleep
    detector = Detector(scope=Scope())
    detector.install()
    assert asyncio.events._set_running_loop is not announce
    assert time.sleep is sleep
    detector.uninstall()
    assert asyncio.events._set_running_loop is announce


def test_two_at_a_time() -> None:
    async def scenario() -> None:
        nap(0.001)

    with detect() as outer:
        with detect(calls="off") as inner:
            asyncio.run(scenario())
        asyncio.run(scenario())
    assert (len(outer), len(inner)) == (2, 0)


@pytest.mark.parametrize("call", [partial(nap, 0.001), lambda: nap(0.001), lambda: list(map(nap, [0.001]))])
def test_spellings(call: Callable[[], object]) -> None:
    async def scenario() -> None:
        call()

    assert names(seen(scenario)) in (["time.sleep"], [])
