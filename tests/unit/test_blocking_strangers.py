"""Objects that mind being asked: whatever is handed to a loop or loaded, the suite's code runs as without us."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import shutil
import sys
import threading
import time
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import pytest

from redloop.blocking import detect
from redloop.timeline import Recorder


class Emitter:
    def __init__(self) -> None:
        self._callbacks = {"changed": [print]}


class Lazy:
    """As werkzeug's proxies outside of a request."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __call__(self, *_: object) -> None:
        pass


class Named:
    get_coro = None

    def get_name(self, language: str) -> str:
        return language

    def call(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def errors(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Our thread must not die either."""
    found: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    monkeypatch.setattr(threading, "excepthook", found.append)
    return found


def watched(callback: Any, *arguments: Any) -> None:
    """Have it wait while a call blocks, which says who had to wait, and then hold the loop itself."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(2):
            loop.call_soon(callback, *arguments)
            time.sleep(0.02)
            await asyncio.sleep(0)

    with detect(threshold=0.01) as calls:
        asyncio.run(main())
    assert sum(call.kind == "call" for call in calls) == 2


@pytest.mark.parametrize("stranger", [Emitter(), Lazy(), Named(), Mock()], ids=lambda one: type(one).__name__)
def test_what_is_handed_to_a_callback(stranger: object, errors: list[Any]) -> None:
    watched(lambda _: None, stranger)
    assert not errors


@pytest.mark.parametrize("callback", [Lazy(), Named().call, Mock()], ids=lambda one: type(one).__name__)
def test_a_callback(callback: object, errors: list[Any]) -> None:
    watched(callback)
    assert not errors


@pytest.mark.parametrize("callback", [Lazy(), Named().call, Mock()], ids=lambda one: type(one).__name__)
def test_a_callback_in_a_timeline(callback: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        future.add_done_callback(callback)
        loop.call_soon(callback)
        loop.call_soon(future.set_result, None)
        await future

    recorder = Recorder(lambda _: True)
    recorder.install()
    try:
        asyncio.run(main())
    finally:
        recorder.uninstall()


def test_copying_from_a_mock_ends() -> None:
    source, target = Mock(), io.BytesIO()
    source.read.side_effect = [b"all", b""]

    async def main() -> None:
        shutil.copyfileobj(source, target)

    with detect() as calls:
        asyncio.run(main())
    assert target.getvalue() == b"all"
    assert not calls


@pytest.fixture
def lazy_module(tmp_path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "needs_a_gpu.py").write_text("raise ImportError('there is none')")
    spec = importlib.util.find_spec("needs_a_gpu")
    assert spec is not None
    assert spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "needs_a_gpu", module)
    spec.loader.exec_module(module)
    return module


def test_a_lazy_module_is_not_imported(lazy_module: ModuleType) -> None:
    kind = type(lazy_module)
    assert kind is not ModuleType
    watched(time.monotonic)
    assert type(lazy_module) is kind


class Refusing(ModuleType):
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


@pytest.mark.parametrize("module", [Lazy(), Refusing("refusing"), None, Mock()], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("name", ["a_stranger", "uvloop", "requests"])
def test_what_is_loaded(name: str, module: Any, monkeypatch: pytest.MonkeyPatch, errors: list[Any]) -> None:
    monkeypatch.setitem(sys.modules, name, module)
    watched(time.monotonic)
    assert not errors


def test_a_builtin_has_its_owner_while_a_loop_runs() -> None:
    async def main() -> None:
        assert time.sleep.__self__ is time  # type: ignore[attr-defined]  # a builtin's
        assert open.__text_signature__

    with detect():
        asyncio.run(main())
