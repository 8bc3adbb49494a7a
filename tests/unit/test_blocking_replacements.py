"""What is imported while a loop runs is watched from then on, whoever imports it, and put back like all the rest."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import selectors
import subprocess
import sys
import threading
import time
from importlib.machinery import ModuleSpec
from time import sleep
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking import detect
from redloop.blocking.calls import replacements
from redloop.blocking.mutex import Mutex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    NewModule = Callable[[str, str], str]


@pytest.fixture
def new_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewModule:
    """Make a module that can be imported, and return its name."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, source: str) -> str:
        (tmp_path / f"{name}.py").write_text(source)
        importlib.invalidate_caches()
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]  # so that it is gone after the test
        monkeypatch.delitem(sys.modules, name)
        return name

    return make


def test_imported_on_another_thread(new_module: NewModule) -> None:
    name = new_module("imported_by_a_thread", "from time import sleep\ntable = [sleep]\n")
    module: Any = None

    async def scenario() -> None:
        nonlocal module
        module = await asyncio.to_thread(importlib.import_module, name)
        module.sleep(0.001)
        module.table[0](0.001)

    with detect() as calls:
        asyncio.run(scenario())
    assert [call.call for call in calls] == ["time.sleep"] * 2
    assert module.sleep is module.table[0] is sleep


def test_imported_by_the_library() -> None:
    """`multiprocessing` imports its locks when somebody makes one, and `import` is then nobody's line."""
    script = """
import asyncio, multiprocessing
from redloop import detect

async def main():
    lock = multiprocessing.Lock()
    lock.acquire()
    lock.acquire(timeout=0.001)

with detect() as calls:
    asyncio.run(main())
print([call.call for call in calls])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['multiprocessing.Lock.acquire']"


def test_a_module_that_is_half_imported_is_looked_through_again(new_module: NewModule, monkeypatch) -> None:
    half: Any = ModuleType("half_imported")
    half.__spec__ = ModuleSpec("half_imported", None)
    half.__spec__._initializing = True  # type: ignore[attr-defined]
    first, second = new_module("imported_first", ""), new_module("imported_second", "")
    monkeypatch.setitem(sys.modules, "half_imported", half)

    async def scenario() -> None:
        await asyncio.to_thread(importlib.import_module, first)
        half.nap = original
        half.__spec__._initializing = False
        await asyncio.to_thread(importlib.import_module, second)
        half.nap(0.001)

    original = sleep
    with detect() as calls:
        asyncio.run(scenario())
    assert [call.call for call in calls] == ["time.sleep"]
    assert half.nap is original


def test_between_two_loops_nothing_is_looked_through(new_module: NewModule, monkeypatch) -> None:
    name = new_module("imported_between", "from time import sleep\n")
    with detect():
        asyncio.run(asyncio.sleep(0))
        with monkeypatch.context() as patch:
            patch.setattr(replacements, "stored_in", lambda *_: pytest.fail("looked through a module"))
            module = importlib.import_module(name)
        assert module.sleep is sleep
        asyncio.run(asyncio.sleep(0))
    assert module.sleep is sleep


def test_a_module_that_is_loaded_when_it_is_needed_is_not_loaded_by_looking(new_module: NewModule) -> None:
    spec = importlib.util.find_spec(new_module("loaded_when_needed", "from time import sleep\n"))
    assert spec is not None
    assert spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    async def before() -> None:
        time.sleep(0.001)

    async def after() -> None:
        module.sleep(0.001)

    with detect() as calls:
        asyncio.run(before())
        assert type(module) is not ModuleType
        module.sleep(0.0)
        assert type(module) is ModuleType
        importlib.import_module(new_module("after_it", ""))
        asyncio.run(after())
    assert [call.call for call in calls] == ["time.sleep"] * 2


def test_hooks_are_put_back_but_for_those_that_somebody_else_has_set() -> None:
    """What prints a traceback from C is stood in for, wherever it stands."""
    excepthook, unraisablehook = sys.excepthook, sys.unraisablehook
    sys.excepthook, sys.unraisablehook = originals = sys.__excepthook__, sys.__unraisablehook__
    try:

        async def scenario() -> None:
            assert sys.excepthook is sys.__excepthook__ is not originals[0]
            assert sys.unraisablehook is sys.__unraisablehook__ is not originals[1]
            sys.excepthook = print

        with detect():
            asyncio.run(scenario())
        assert sys.excepthook is print
        assert (sys.__excepthook__, sys.unraisablehook, sys.__unraisablehook__) == (originals[0], *originals[1:] * 2)
    finally:
        sys.excepthook, sys.unraisablehook = excepthook, unraisablehook


def test_what_was_printed_hides_nothing_that_comes_after_it() -> None:
    class Thing:
        def __del__(self) -> None:
            raise ValueError

    async def scenario() -> None:
        thing = Thing()
        del thing
        sleep(0.001)

    before, sys.unraisablehook = sys.unraisablehook, sys.__unraisablehook__
    try:
        with detect() as calls:
            asyncio.run(scenario())
    finally:
        sys.unraisablehook = before
    assert [call.call for call in calls] == ["time.sleep"]


def test_a_lock_that_this_thread_has_is_told_from_that_of_another() -> None:
    mutex, seen = Mutex(), []
    with mutex:
        thread = threading.Thread(target=lambda: seen.append(mutex.is_mine()))
        thread.start()
        thread.join()
        seen.append(mutex.is_mine())
    assert [*seen, mutex.is_mine()] == [False, True, False]


def test_what_a_test_put_in_a_calls_place_before_the_first_loop() -> None:
    """A mock is no blocking call, and what it stood in for is watched once that is back, under all its names."""
    script = """
import asyncio, os, subprocess
from os import stat as look
from unittest import mock
import redloop

async def scenario():
    os.stat("/"); subprocess.run(["true"])
    watched and look("/")

watched = False
with redloop.detect() as mocked, mock.patch("os.stat"), mock.patch("subprocess.run", lambda *_: None):
    asyncio.run(scenario())
watched = True
with redloop.detect() as real:
    asyncio.run(scenario())
print(*(call.call for call in mocked), "|", *(call.call for call in real), "|", os.stat is look)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["|", "os.stat", "subprocess.run", "os.stat", "|", "True"], done


def test_a_selector_of_somebodys_own_that_the_loop_waits_with() -> None:
    class Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
        def select(self, timeout: float | None = None) -> Any:
            return super().select(timeout)

    with detect() as calls, asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(Selector())) as runner:
        runner.run(asyncio.sleep(0.01))
    assert list(calls) == []
