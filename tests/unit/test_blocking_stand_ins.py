# ruff: noqa: ASYNC220, ASYNC221, ASYNC230 - to block is what they are there for
"""What stands in for a call while a loop runs is as good as the call itself, for whoever does not look too closely."""

from __future__ import annotations

import asyncio
import copy
import inspect
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
import types
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any
from unittest import mock

import pytest

from redloop import VirtualLoop
from redloop.blocking import Detector, Scope, detect
from redloop.blocking.calls import timing


@pytest.fixture(params=[asyncio.SelectorEventLoop, VirtualLoop])
def runner(request):
    with detect(), asyncio.Runner(loop_factory=request.param) as runner:
        yield runner


def test_on_a_class_it_is_no_method(runner) -> None:
    class Late:
        pass

    async def main() -> None:
        class Clock:
            sleep = time.sleep

        Clock().sleep(0)
        Late.stat = os.stat

    runner.run(main())
    assert Late().stat("/")


def test_it_is_known_by_all_but_its_type(runner) -> None:
    async def main() -> None:
        for now in (time.sleep, os.stat, open):
            real = inspect.unwrap(now)
            assert now is not real
            assert isinstance(now, types.BuiltinFunctionType)
            assert inspect.isroutine(now)
            assert (now, hash(now), repr(now)) == (real, hash(real), repr(real))
            assert (now.__self__, now.__text_signature__) == (real.__self__, real.__text_signature__)
            assert (now.__name__, now.__qualname__, now.__doc__) == (real.__name__, real.__qualname__, real.__doc__)
            assert copy.deepcopy(now) is now
            assert {real: 1}[now] == 1
        assert inspect.signature(open) == inspect.signature(inspect.unwrap(open))

    runner.run(main())


def pickled(one: Any) -> Any:
    return pickle.loads(pickle.dumps(one))  # noqa: S301 - our own


def test_the_line_that_opens_a_pipe_is_in_the_stack_once(tmp_path) -> None:
    """C code is made to think that it is called from there, so that a warning names the line."""
    os.mkfifo(tmp_path / "pipe")

    async def main() -> None:
        open(tmp_path / "pipe").close()

    with detect() as calls:
        writer = threading.Thread(target=lambda: time.sleep(0.1) or (tmp_path / "pipe").open("w").close())
        writer.start()
        asyncio.run(main())
        writer.join()
    (call,) = (one for one in calls if one.call == "open")
    assert call.seconds > 0.05
    assert [line for line in call.stack if "in test_the_line" in line] == [call.stack[0]]
    assert "stall" not in [one.kind for one in calls]


def test_it_is_pickled_as_what_it_stands_in_for(runner) -> None:
    kept: list[Any] = []

    async def main() -> None:
        kept.extend([time.sleep, os.stat, open, partial(os.listdir, ".")])
        for one in kept[:3]:
            assert pickled(one) is one

    runner.run(main())
    assert [pickled(one) for one in kept[:3]] == [time.sleep, os.stat, open]
    assert pickled(kept[3]).func is os.listdir


def test_a_process_pool_takes_it(tmp_path) -> None:
    async def main() -> list[str]:
        loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, context) as pool:
            return await loop.run_in_executor(pool, partial(os.listdir, tmp_path))

    (tmp_path / "file").touch()
    with detect():
        assert asyncio.run(main()) == ["file"]


def test_a_mock_can_be_put_in_its_place() -> None:
    async def main() -> None:
        with mock.patch("builtins.open", mock.mock_open(read_data="text")), open("nowhere") as file:
            assert file.read() == "text"
        with mock.patch("os.stat", autospec=True) as stat:
            os.stat("nowhere")
        stat.assert_called_once_with("nowhere")

    with detect() as calls:
        asyncio.run(main())
    assert not calls


def test_a_warning_names_the_line_that_it_names_without_us() -> None:
    """By `stacklevel` in a function of the library, and by the innermost frame in C."""

    async def main() -> None:
        with open(os.devnull, encoding="utf-8") as file:
            subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, bufsize=1).communicate()
            file.read()

    def seen() -> list[tuple[str, int]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            asyncio.run(main())
        return [(one.filename, one.lineno) for one in caught]

    without = seen()
    with detect():
        assert seen() == without
    assert without


def test_the_interpreter_itself_may_call_it(tmp_path) -> None:
    """At exit, no frame calls what was registered while a loop ran."""
    script = """if True:
        import asyncio, atexit, os, sys, redloop

        async def main():
            atexit.register(os.rmdir, sys.argv[1])
            atexit.register(open, sys.argv[2], "w")

        with redloop.detect():
            asyncio.run(main())
    """
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    done = subprocess.run([sys.executable, "-c", script, folder, file], capture_output=True, text=True, check=True)
    assert not done.stderr
    assert file.exists()
    assert not folder.exists()


@pytest.mark.parametrize(("short", "told"), [(0.0, 1), (60.0, 0)])
def test_a_call_that_raises_a_type_error_has_begun_if_it_took_time(short: float, told: int, monkeypatch) -> None:
    async def main() -> None:
        with pytest.raises(TypeError):
            os.stat(print)

    monkeypatch.setattr(timing, "_SHORT", short)
    with detect() as calls:
        asyncio.run(main())
    assert len(calls) == told


class Asked(Detector):
    """Counts how often it is asked who makes a call."""

    times = 0

    def wants(self, entry, stack):
        self.times += 1
        return super().wants(entry, stack)


def test_who_makes_a_call_is_found_out_once_for_each_way_to_come_there() -> None:
    detector = Asked(scope=Scope(level="all"))

    def stat() -> None:
        os.stat("/")

    async def main() -> None:
        for _ in range(100):
            stat()
        stat()

    for _ in range(2):
        detector.install()
        asyncio.run(main())
        detector.uninstall()
    assert detector.times == 2 * 2  # once for each line that calls it, anew for each time that somebody asks
    assert len(detector.calls) == 202
    first, last = main.__code__.co_firstlineno + 2, main.__code__.co_firstlineno + 3
    outer = [call.stack[1].rpartition(" in ")[0].rpartition(":")[2] for call in detector.calls]
    assert (outer.count(str(first)), outer.count(str(last))) == (200, 2)


def test_a_call_that_the_suites_own_code_makes_inside_of_another_is_told_by_itself() -> None:
    """And not those that the library makes there: they are part of the outer one."""

    class Folder:
        def __fspath__(self) -> str:
            time.sleep(5)
            os.path.exists("/")
            return "/"

    async def main() -> None:
        os.listdir(Folder())
        subprocess.run([sys.executable, "-c", ""], check=True)

    with detect() as calls, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    first = {main: main.__code__.co_firstlineno, Folder: Folder.__fspath__.__code__.co_firstlineno}
    inner = [(call.call, call.lineno - first[Folder]) for call in calls if call.function.endswith("__fspath__")]
    outer = [(call.call, call.lineno - first[main]) for call in calls if call.function.endswith("main")]
    assert (sorted(inner), sorted(outer)) == (
        [("os.path.exists", 2), ("time.sleep", 1)],
        [("os.listdir", 1), ("subprocess.run", 2)],
    )
    seconds = {call.call: call.seconds for call in calls}
    assert seconds["time.sleep"] == 5.0
    assert seconds["os.listdir"] < 5.0
