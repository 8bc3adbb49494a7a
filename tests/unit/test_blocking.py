"""What the detector sees, on real loops. What is asserted of a duration has to hold on a busy machine, too."""

from __future__ import annotations

import asyncio
import builtins
import configparser
import gc
import inspect
import io
import logging
import math
import mimetypes
import multiprocessing
import os
import select
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from time import sleep as nap
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking import Detector, Scope, detect
from redloop.blocking.calls import replacements
from redloop.blocking.calls.sites import Sites
from redloop.blocking.engine import ENGINE
from redloop.blocking.stalls import selecting
from redloop.blocking.stalls.measuring import Measure
from redloop.clock import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from redloop.record import BlockingCall

pytestmark = pytest.mark.usefixtures("nobody_else")


def seen(scenario: Callable[[], Awaitable[object]], **options: object) -> Sequence[BlockingCall]:
    with detect(**options) as calls:  # type: ignore[arg-type]
        asyncio.run(scenario())  # type: ignore[arg-type]
    return calls


def compute() -> None:
    """Hold the loop for 0.3 s of its thread's time, however busy the machine is."""
    end = time.thread_time() + 0.3
    while time.thread_time() < end:
        pass


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
    assert round(call.seconds, 3) >= 0.001  # less the wait for a processor, which another clock tells


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


def test_the_end_of_a_pool_is_told_where_it_has_something_to_do() -> None:
    async def idle() -> None:
        with ThreadPoolExecutor() as pool:
            await asyncio.get_running_loop().run_in_executor(pool, nap, 0.01)
        pool.shutdown()

    async def busy() -> None:
        with ThreadPoolExecutor() as pool:
            pool.submit(nap, 0.1)

    with detect() as calls:
        asyncio.run(idle())
        asyncio.run(busy())
    assert [(call.call, call.function.rpartition(".")[2]) for call in calls] == [
        ("concurrent.futures.Executor.__exit__", "busy")
    ]


def test_who_had_to_wait_for_the_end_of_its_time() -> None:
    async def late() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()

    async def scenario() -> None:
        task = asyncio.create_task(late(), name="late")
        await asyncio.sleep(0)
        nap(0.02)
        await task

    (call,) = seen(scenario)
    assert call.victims == ("late",)


def test_a_loop_in_another_thread_that_went_on_meanwhile() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)

    async def blocks() -> None:
        await asyncio.sleep(0)
        nap(0.01)

    def run() -> list[BlockingCall]:
        with detect() as calls:
            if not thread.ident:
                thread.start()
            asyncio.run_coroutine_threadsafe(blocks(), loop).result()
            return [call for call in calls if call.call == "time.sleep"]

    try:
        assert [len(run()) for _ in range(3)] == [1, 1, 1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_what_a_step_did_before_anybody_watched_is_not_told() -> None:
    async def scenario() -> None:
        spin(0.3)
        with detect(threshold=0.02) as calls:
            spin(0.1)
        (call,) = calls
        assert 0.08 < call.seconds < 0.25

    def spin(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    asyncio.run(scenario())


def test_a_test_that_stops_the_clock_stops_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            pass

    with detect() as calls:
        monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
        asyncio.run(scenario())
        monkeypatch.undo()
    assert [call.function.rpartition(".")[2] for call in calls] == ["scenario"]
    assert calls[0].seconds > 0.15


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


def test_what_closing_a_file_writes_is_reported_once_and_as_that(tmp_path: Path) -> None:
    async def scenario() -> None:
        with open(tmp_path / "a", "w") as file:  # noqa: ASYNC230 - what it is about
            file.write("x")
            file.flush()
            file.write("y")
        file = open(tmp_path / "b", "w")  # noqa: ASYNC230, SIM115
        file.write("x")
        file.close()

    first = scenario.__code__.co_firstlineno
    assert [(call.call, call.lineno - first) for call in seen(scenario)] == [
        ("open", 1), ("file.write", 2), ("file.flush", 3), ("file.write", 4), ("file.close", 1),
        ("open", 5), ("file.write", 6), ("file.close", 7),
    ]  # fmt: skip


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


def test_allow_a_stall() -> None:
    async def scenario() -> None:
        sum(range(20_000_000))

    assert [call.kind for call in seen(scenario)] == ["stall"]
    assert seen(scenario, allow=["stall"]) == []
    assert seen(scenario, allow=[f"{__name__}:stall"]) == []
    assert len(seen(scenario, allow=["elsewhere:stall", "time.sleep"])) == 1


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


def test_a_loop_in_another_thread_that_ran_before_may_wait_for_its_io() -> None:
    """A server in a thread outlives the test that started it: the next detector finds its loop running."""
    loop = asyncio.new_event_loop()

    def serve() -> None:
        loop.run_forever()

    thread = threading.Thread(target=serve)
    thread.start()

    async def scenario() -> None:
        for _ in range(3):
            loop.call_soon_threadsafe(lambda: None)  # its next wait is one that is watched
            await asyncio.sleep(0.06)

    assert names(seen(scenario)) == []
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_everything_is_put_back() -> None:
    def state() -> list[object]:
        kinds = (
            sqlite3.Cursor,
            socket.socket,
            threading.Lock().__class__,
            io.BufferedReader,
            io.TextIOWrapper,
            subprocess.Popen,
        )
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
    announce, sleep, finders = asyncio.events._set_running_loop, time.sleep, list(sys.meta_path)
    detector = Detector(scope=Scope())
    detector.install()
    assert asyncio.events._set_running_loop is not announce
    assert time.sleep is sleep
    detector.uninstall()
    assert asyncio.events._set_running_loop is announce
    assert sys.meta_path == finders


def test_two_at_a_time() -> None:
    async def scenario() -> None:
        nap(0.001)

    with detect() as outer:
        with detect(calls="off") as inner:
            asyncio.run(scenario())
        asyncio.run(scenario())
    assert (len(outer), len(inner)) == (2, 0)


_stored = {"nap": nap, "partial": partial(nap, 0.001)}
_partial = partial(nap, 0.001)


def _default(sleep: Callable[[float], None] = nap) -> None:
    sleep(0.001)


class _Holder:
    sleep = nap
    static = staticmethod(nap)


def test_what_a_call_by_name_calls_back_is_told_by_its_own_line(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        compute()
        yield "line"

    async def writes() -> None:
        with (tmp_path / "file").open("w") as file:
            file.writelines(lines())

    async def asks() -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.create_function("digest", 1, lambda number: compute() or number)
            connection.execute("select digest(1)")

    for scenario, call in (writes, "file.writelines"), (asks, "sqlite3.Connection.execute"):
        calls = seen(scenario)
        (stall,) = (one for one in calls if one.kind == "stall")
        (by_name,) = (one for one in calls if one.call == call)
        assert (stall.function, stall.call) == ("compute", "")
        assert by_name.seconds < 0.2 * stall.seconds


def test_a_call_keeps_its_seconds_where_what_it_calls_back_is_surely_no_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine nobody knows how long that took, and it is no row of its own."""

    async def asks() -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.create_function("digest", 1, lambda number: compute() or number)
            connection.execute("select digest(1)")

    monkeypatch.setattr(Measure, "is_stall", lambda *_: False)
    calls = seen(asks)
    assert [one.kind for one in calls if one.kind == "stall"] == []
    assert [one.seconds > 0.1 for one in calls if one.call == "sqlite3.Connection.execute"] == [True]


def test_one_inside_the_other_gets_what_happened_inside_it() -> None:
    async def scenario() -> tuple[int, int]:
        compute()
        with detect() as nothing:
            pass
        with detect() as inner:
            compute()
        return len(nothing), len(inner)

    with detect() as outer:
        assert asyncio.run(scenario()) == (0, 1)
    assert len(outer) == 2


def test_detectors_that_come_and_go_on_several_threads_leave_nothing_behind() -> None:
    async def blocks() -> None:
        nap(0.001)
        await asyncio.sleep(0)

    def detects() -> None:
        for _ in range(100):
            together.wait()
            with detect() as calls:
                asyncio.run(blocks())
            seen_by_each.append("time.sleep" in names(calls))

    seen_by_each: list[bool] = []
    together, finders, interval = threading.Barrier(3, timeout=60), list(sys.meta_path), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(3) as pool:
            for detecting in [pool.submit(detects) for _ in range(3)]:
                detecting.result()
    finally:
        sys.setswitchinterval(interval)
    assert seen_by_each == [True] * 300
    assert sys.meta_path == finders


@pytest.mark.parametrize(
    "call",
    [
        partial(nap, 0.001),
        lambda: _stored["nap"](0.001),  # type: ignore[operator]
        _partial,
        _default,
        lambda: _Holder.sleep(0.001),
        lambda: _Holder.static(0.001),
        lambda: list(map(nap, [0.001])),
    ],
)
def test_spellings(call: Callable[[], object]) -> None:
    async def scenario() -> None:
        if isinstance(call, partial):
            partial(nap, 0.001)()
        else:
            call()

    assert names(seen(scenario)) == ["time.sleep"]


def test_functions_of_os_path_are_named_and_allowed_as_people_write_them() -> None:
    """Some of them live in `genericpath`, others in `posixpath`."""

    async def scenario() -> None:
        for function in (os.path.exists, os.path.isfile, os.path.getsize, os.path.realpath):
            function(__file__)

    called = {"os.path.exists", "os.path.isfile", "os.path.getsize", "os.path.realpath"}
    assert set(names(seen(scenario))) == called
    assert names(seen(scenario, allow=sorted(called))) == []


def test_what_a_module_stored_is_put_back() -> None:
    def state() -> list[object]:
        return [_stored["nap"], _partial.func, _default.__defaults__, _Holder.__dict__["static"], _Holder.sleep]

    async def scenario() -> None:
        assert _partial.func is not before[1]

    before = state()
    seen(scenario)
    assert all(now is then or now == then for now, then in zip(state(), before, strict=True))


def test_a_callback_without_python_code_is_laid_to_the_line_that_scheduled_it() -> None:
    async def scenario() -> None:
        asyncio.get_running_loop().call_soon(nap, 0.001)
        await asyncio.sleep(0.002)

    (call,) = seen(scenario)
    assert (call.call, call.lineno) == ("time.sleep", scenario.__code__.co_firstlineno + 1)


def test_a_callback_that_nobody_waits_for_is_laid_to_the_line_that_runs_the_loop() -> None:
    async def scenario(arrange: Callable[[], None]) -> None:
        arrange()
        await asyncio.sleep(0.002)

    def further() -> None:
        schedule()

    def schedule() -> None:
        asyncio.get_running_loop().call_soon(nap, 0.001)

    (call,) = seen(lambda: scenario(further))
    assert (call.call, call.function) == ("time.sleep", "seen")
    (call,) = seen(lambda: scenario(schedule))
    assert (call.call, call.lineno) == ("time.sleep", schedule.__code__.co_firstlineno + 1)


def test_under_the_virtual_clock_a_sleep_costs_what_it_moved_the_clock_by() -> None:
    async def scenario() -> None:
        nap(2)

    with detect() as calls:
        for _ in range(2):
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                runner.run(scenario())
        with asyncio.Runner() as runner:
            runner.run(asyncio.sleep(0))
    assert [call.seconds for call in calls] == [2.0, 2.0]


def test_a_stall_that_comes_later_in_a_step_began_when_the_clock_had_moved() -> None:
    async def scenario() -> None:
        await asyncio.sleep(1.0)
        time.sleep(2.0)
        compute()

    with detect() as calls, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scenario())
    assert [(call.kind, call.at) for call in calls] == [("call", 1.0), ("stall", 3.0)]


def test_an_idle_virtual_loop_is_no_stall() -> None:
    async def scenario() -> None:
        await asyncio.to_thread(nap, 0.2)

    with detect() as calls, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scenario())
    assert calls == []


def test_uvloop() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def scenario() -> None:
        nap(0.001)
        await asyncio.sleep(0.1)
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass

    with detect() as calls, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
    assert [call.kind for call in calls] == ["call", "stall"]


def test_uvloop_has_no_frames_of_its_own_steps() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def innocent() -> None:
        pass

    def guilty() -> None:
        assert 7**1_000_000

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(int)
        await loop.shutdown_default_executor()
        loop.call_soon(nap, 0.001)
        await asyncio.sleep(0.1)
        loop.call_soon(guilty)
        await asyncio.create_task(innocent())

    with detect() as calls, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
    first = scenario.__code__.co_firstlineno
    assert [(call.call, call.lineno - first) for call in calls if call.kind == "call"] == [("time.sleep", 4)]
    assert innocent.__qualname__ not in [call.function for call in calls]


def test_uvloop_imported_later() -> None:
    pytest.importorskip("uvloop")
    script = """
import sys, time
from redloop import detect

async def main():
    time.sleep(0.001)

before = list(sys.meta_path)
with detect() as calls:
    import uvloop
    uvloop.run(main())
assert sys.meta_path == before
print([call.call for call in calls])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['time.sleep']"


def test_a_function_that_reads_line_after_line_is_one_call(tmp_path: Path) -> None:
    """httpx asks for one mime type, and mimetypes reads its tables: that was 2,297 calls on one line."""
    (tmp_path / "table").write_text("[section]\n" + "key = value\n" * 100)

    async def scenario() -> None:
        configparser.ConfigParser(strict=False).read(tmp_path / "table")
        mimetypes.init([str(tmp_path / "table")])

    assert names(seen(scenario)) == ["configparser.RawConfigParser.read", "mimetypes.init"]


@pytest.mark.parametrize("milliseconds", [1, 15, 30])
def test_the_time_for_which_the_process_was_stopped_is_nobodys(milliseconds: int) -> None:
    """Also where it was stopped in a step that has its turn to itself, which is measured to its end."""
    stop = "import os, signal, time; os.kill({0}, signal.SIGSTOP); time.sleep(0.2); os.kill({0}, signal.SIGCONT)"
    stop = stop.format(os.getpid())

    async def scenario() -> None:
        for _ in range(3):
            process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", stop)
            while process.returncode is None:
                select.poll().poll(milliseconds)
                await asyncio.sleep(0)

    assert seen(scenario, calls="off") == []


@pytest.mark.parametrize("level", ["off", "all"])
def test_noting_thousands_of_short_calls_is_no_stall_of_the_suites(level: str) -> None:
    """It takes a fifth of a second, of which the suite's code had ten milliseconds."""

    async def scenario() -> None:
        for _ in range(5000):
            os.stat(os.sep)

    calls = seen(scenario, calls=level)
    assert [call for call in calls if call.kind == "stall"] == []
    assert len(calls) == (5000 if level == "all" else 0)


def test_passing_over_thousands_of_short_calls_is_no_stall_of_the_suites(tmp_path: Path) -> None:
    """By itself it takes ten milliseconds, and thirty times as long to see that nothing is to be told of any."""

    async def scenario() -> None:
        with (tmp_path / "lines").open("w") as file:
            for _ in range(30_000):
                file.write("line\n")

    assert [call for call in seen(scenario, calls="code") if call.kind == "stall"] == []


def test_a_wait_for_a_processor_while_noting_is_taken_from_a_call_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a busy machine, the first `httpx.get` was said to take no time: its imports call much that is noted."""
    waited, running = 0.0, False

    class Slow(Detector):
        def wants(self, entry, stack):
            nonlocal waited
            wanted = super().wants(entry, stack)
            if running and wanted is None and not waited:
                waited = 0.4
                inspect.unwrap(time.sleep)(waited)
            return wanted

    async def scenario() -> float:
        nonlocal running
        running = True
        began = time.perf_counter()
        subprocess.run(["sleep", "1"], check=True)  # noqa: ASYNC221, S607 - to block is what it is there for
        return time.perf_counter() - began

    monkeypatch.setattr(ENGINE._calls, "_delay", lambda: waited)
    detector = Slow(scope=Scope((str(tmp_path),), lambda _: False, "all"))  # here is nobody's code, to call back
    detector.install()
    try:
        wall = asyncio.run(scenario())
    finally:
        detector.uninstall()
    assert waited
    assert [call.seconds > wall - 1.5 * waited for call in detector.calls if call.call == "subprocess.run"] == [True]


@pytest.mark.parametrize("interrupted", [1, 2])
def test_a_wait_for_a_processor_before_or_after_a_call_is_not_taken_from_it(
    interrupted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come between the looks at two clocks, and a sleep of 60 ms was no stall of 50 now and then."""
    waited, looks = 0.0, 0

    def look() -> float:
        nonlocal waited, looks
        looks += 1
        before = waited
        if looks == interrupted:
            inspect.unwrap(time.sleep)(0.03)
            waited += 0.03
        return before if interrupted == 1 else waited

    async def scenario() -> None:
        time.sleep(0.06)

    monkeypatch.setattr(ENGINE._calls, "_delay", look)
    (call,) = seen(scenario)
    assert call.call == "time.sleep"
    assert call.seconds >= 0.0599


def test_after_a_long_call_the_kernel_is_soon_not_asked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked twice for each call that may be long, thrice if that takes too long itself.

    One call in thousands is long, if only because the machine was busy.
    """
    asked, expected = 0, 2 * 3 * 3.0

    def delay() -> float:
        nonlocal asked
        asked += 1
        return 0.0

    monkeypatch.setattr(ENGINE._calls, "_delay", delay)

    async def scenario() -> None:
        nonlocal expected
        for number in range(300):
            began = time.perf_counter()
            nap(0.0001 if number else 0.06)
            milliseconds = 1000 * (time.perf_counter() - began)
            expected += 2 * 3 * (2 + math.log2(milliseconds)) if milliseconds > 1 else 0

    assert len(seen(scenario)) == 300
    assert asked <= expected


def test_a_sleep_lasts_as_long_as_it_was_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel counts some of a sleep as waiting for a processor now and then: of 0.06 s it left 0.004."""
    monkeypatch.setattr(ENGINE._calls, "_delay", time.perf_counter)

    async def scenario() -> None:
        nap(0.06)

    (call,) = seen(scenario)
    assert (call.call, call.seconds >= 0.06) == ("time.sleep", True)


def test_where_asyncios_debug_mode_looks_at_files_nobody_asks_who_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each handle, task and future, one look for each frame of its stack."""
    asked: list[str] = []
    at = Sites.at

    def counting(sites: Any, caller: FrameType, entry: Any, original: Any) -> Any:
        asked.append(caller.f_code.co_name)
        return at(sites, caller, entry, original)

    monkeypatch.setattr(Sites, "at", counting)

    async def main() -> None:
        for _ in range(10):
            await asyncio.create_task(asyncio.sleep(0))
        os.stat(__file__)

    with detect() as calls:
        asyncio.run(main(), debug=True)
    assert "main" in asked
    assert "checkcache" not in asked
    assert [call.call for call in calls] == ["os.stat"]


def test_whose_a_loggers_call_is_is_asked_once_wherever_it_is_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its own code settles that it is nobody's. But what it calls back is the suite's, as ever."""
    asked: list[str] = []
    find = Sites._find

    def counting(sites: Any, callers: tuple[FrameType, FrameType], *rest: Any) -> Any:
        asked.append(callers[1].f_code.co_qualname)
        return find(sites, callers, *rest)

    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            os.stat(os.sep)
            return super().write(text)

    def log(depth: int) -> None:
        logger.warning("from another line") if not depth else log(depth - 1)

    monkeypatch.setattr(Sites, "_find", counting)
    file = io.TextIOWrapper(io.FileIO(tmp_path / "log", "w"), write_through=True)
    logger = logging.Logger("of this test")  # noqa: LOG001 - nobody else is to have it
    logger.addHandler(logging.StreamHandler(file))
    logger.addHandler(logging.StreamHandler(Slow()))

    async def main() -> None:
        for depth in range(10):
            log(depth)

    with detect() as calls:
        asyncio.run(main())
    file.close()
    assert asked.count("StreamHandler.emit") == 1
    assert [call.call for call in calls] == ["os.stat"] * 10


def test_a_tool_that_stands_between_is_not_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    blockbuster = ModuleType("blockbuster")
    source = "def watching(function):\n    return lambda *args: function(*args)"
    exec(compile(source, "/site-packages/blockbuster/__init__.py", "exec"), vars(blockbuster))  # noqa: S102 - as if it were installed
    monkeypatch.setitem(sys.modules, "blockbuster", blockbuster)

    async def scenario() -> None:
        stat(os.sep)

    def stat(path: str) -> None:
        blockbuster.watching(os.stat)(path)

    (call,) = seen(scenario)
    assert (call.call, call.function.rpartition(".")[2]) == ("os.stat", "stat")


def test_what_a_librarys_decorator_wraps_is_what_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("redis.client")
    source = """
import functools, time

def deprecated(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return wrapper

@deprecated
@deprecated
def get(seconds):
    time.sleep(seconds)
"""
    exec(compile(source, "/site-packages/redis/client.py", "exec"), vars(library))  # noqa: S102 - as if it were installed
    monkeypatch.setitem(sys.modules, "redis.client", library)

    async def scenario() -> None:
        library.get(0.001)

    assert names(seen(scenario)) == ["redis.client.get"]


@pytest.mark.skipif(selecting._known_select is None, reason="not this loop's selector")
def test_a_loop_that_is_looked_at_waits_with_the_original_poll() -> None:
    """A stand-in for `epoll.poll` that each turn went through would cost it a twentieth."""
    files: set[str] = set()

    async def scenario() -> None:
        own = selecting.OwnSelector(asyncio.get_running_loop(), lambda _: None)
        sys.setprofile(lambda frame, _event, _argument: files.add(frame.f_code.co_filename))
        await asyncio.sleep(0.001)
        sys.setprofile(None)
        own.release()

    assert names(seen(scenario)) == []
    assert selecting.__file__ in files
    assert not any(name.endswith("calls.py") for name in files)


def test_the_rows_of_a_cursor_are_few_calls() -> None:
    """To note each took ten seconds for a hundred thousand."""
    rows = 0

    async def scenario() -> None:
        nonlocal rows
        for _ in cursor:
            rows += 1

    connection = sqlite3.connect(":memory:")
    cursor = connection.execute(
        "with recursive t(n) as (values (1) union all select n + 1 from t limit 20000) select n from t"
    )
    calls = [call for call in seen(scenario) if call.kind == "call"]
    connection.close()
    assert rows == 20000
    assert set(names(calls)) == {"sqlite3.Cursor.__next__"}
    assert len({call.lineno for call in calls}) == 1
    assert len(calls) < 1000


def test_the_items_that_are_left_at_the_end_are_noted_as_one() -> None:
    """Else of many iterations that end in less than ten milliseconds only each first item is."""
    computed = 0.0

    async def iterates(cursor: sqlite3.Cursor) -> None:
        nonlocal computed
        before = time.thread_time()
        for _ in cursor:
            pass
        computed += time.thread_time() - before

    async def scenario() -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            rows = (
                "with recursive row(n) as (values (1) union all select n + 1 from row where n < 4) select {} from row"
            )
            for _ in range(10):
                await iterates(connection.execute(rows.format("length(hex(randomblob(300000)))")))
            await iterates(connection.execute(rows.format("n")))

    calls = seen(scenario)
    iterating = [call for call in calls if call.call == "sqlite3.Cursor.__next__"]
    assert len(iterating) >= 21
    assert sum(call.seconds for call in iterating) > 0.8 * computed


def test_garbage_collection_is_named() -> None:
    """A long one tells its callbacks, and finalizers, in its middle: the line is still the one that collects."""
    kept = [[number] for number in range(300_000)]

    class Circular:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            kept.append([0])

    async def scenario() -> None:
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            Circular()
            gc.collect()

    gc.disable()  # or it may collect where it likes
    try:
        calls = seen(scenario)
    finally:
        gc.enable()
    assert [(call.call, call.lineno) for call in calls] == [("gc.collect", scenario.__code__.co_firstlineno + 4)]


def test_a_module_imported_while_the_loop_runs_is_watched_from_then_on(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "fresh_module.py").write_text("from time import sleep\n")
    monkeypatch.syspath_prepend(tmp_path)

    async def scenario() -> None:
        import fresh_module  # type: ignore[import-not-found]

        fresh_module.sleep(0.001)

    assert names(seen(scenario)) == ["import", "time.sleep"]
    assert sys.modules["fresh_module"].sleep is nap


def test_no_frame_or_task_is_kept() -> None:
    class Kept:
        pass

    alive: list[weakref.ref[Kept]] = []

    async def scenario() -> None:
        kept = Kept()
        alive.append(weakref.ref(kept))
        nap(0.001)

    with detect():
        asyncio.run(scenario())
        assert alive[0]() is None


def test_a_mistake_in_the_call_is_the_callers_own() -> None:
    async def scenario() -> None:
        nap("soon")  # type: ignore[arg-type]

    with detect() as calls, pytest.raises(TypeError):
        asyncio.run(scenario())
    assert calls == []


def test_what_fails_without_waiting_is_called_once() -> None:
    """It was called again: `sendall` on a full socket that never waits sent the same twice."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    async def scenario() -> None:
        with pytest.raises(BlockingIOError) as raised:
            os.read(reading, 1)
        assert raised.value.__context__ is None

    assert seen(scenario) == []
    os.close(reading)
    os.close(writing)


def test_a_finalizer_that_blocks_while_we_look_does_not_wait_for_us() -> None:
    async def main() -> None:
        watched = ENGINE._sampler.watched(threading.get_ident())
        assert watched is not None
        with watched._lock:
            time.sleep(0.002)

    with detect() as calls:
        asyncio.run(main())
    assert [call.call for call in calls] == ["time.sleep"]


def test_in_a_forked_child_nothing_is_watched() -> None:
    async def scenario() -> None:
        process = multiprocessing.get_context("fork").Process(target=nap, args=(0,))
        process.start()
        await asyncio.to_thread(process.join)
        assert process.exitcode == 0

    seen(scenario)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_long_step_is_quiet_in_the_child(monkeypatch) -> None:
    unraisable: list[object] = []

    async def scenario() -> None:
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        child = os.fork()
        if not child:
            os._exit(len(unraisable))
        assert await asyncio.to_thread(os.waitpid, child, 0) == (child, 0)

    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    seen(scenario)


def test_where_no_loop_ran_no_module_is_looked_through(monkeypatch):
    """Every sync test of a suite would pay for it: milliseconds."""
    monkeypatch.setitem(sys.modules, "just_imported", ModuleType("just_imported"))
    monkeypatch.setattr(replacements, "stored_in", lambda *_: pytest.fail("looked through a module"))
    monkeypatch.setattr(replacements, "newest_module", lambda: pytest.fail("looked for new modules"))
    with detect():
        time.sleep(0)
