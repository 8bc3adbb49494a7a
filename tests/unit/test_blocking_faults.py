"""What goes wrong in redloop: it is said once, and the suite goes on as if nothing had been."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
import time
from contextlib import closing
from typing import Any

import pytest

from redloop.blocking import detect
from redloop.blocking.detector import Detector
from redloop.blocking.engine import ENGINE
from redloop.blocking.lines import places
from redloop.blocking.stalls import alarms, watching


@pytest.fixture(autouse=True)
def lost(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a thread ends by."""
    found: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    return found


def spin(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(500))


async def holding() -> None:
    await asyncio.sleep(0.01)
    spin(0.3)


def stalls(found: Any) -> set[str]:
    return {call.function for call in found if call.kind == "stall"}


def hold_until_it_is_seen(found: Any) -> set[str]:
    for _ in range(20):  # a busy machine leaves less to be sure of
        asyncio.run(holding())
        if stalls(found):
            break
    return stalls(found)


def test_an_error_that_nobody_foresaw_ends_the_look_at_one_loop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lost: list[Any]
) -> None:
    looked: list[object] = []

    def fails(*_: object, **__: object) -> Any:
        looked.append(None)
        raise ValueError("no such\nframe")

    with detect(source=[__file__]) as found:
        with monkeypatch.context() as broken:
            broken.setattr(watching, "trace", fails)
            asyncio.run(holding())
        assert 0 < len(looked) <= 3, "each loop was given up: the run itself, and two short ones that end it"
        assert stalls(found) == set()
        assert hold_until_it_is_seen(found) == {"spin"}
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"redloop: ValueError: no such frame at {__file__}:")
    assert lost == []


def test_a_thread_that_cannot_even_wait_is_replaced_for_the_next_loop(
    capsys: pytest.CaptureFixture[str], lost: list[Any]
) -> None:
    class Broken(alarms.Polling):
        def wait(self) -> None:
            raise LookupError("which?")

    with ENGINE.without_thread(), detect() as found:
        ENGINE._sampler._alarms = Broken()  # until its thread has ended
        assert hold_until_it_is_seen(found) == {"spin"}
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"redloop: LookupError: which? at {__file__}:")
    assert lost == []


@pytest.mark.parametrize(("where", "name"), [(places, "caller"), (Detector, "_record"), (Detector, "_lines")])
def test_an_error_in_what_the_suites_own_code_calls_is_none_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: object, name: str
) -> None:
    def fails(*_: object) -> Any:
        raise ValueError("nobody foresaw it")

    async def blocks() -> str:
        await holding()
        time.sleep(0.001)
        return "done"

    monkeypatch.setattr(where, name, fails)
    with detect(source=[__file__]):
        for _ in range(20):  # a busy machine leaves less to be sure of
            assert asyncio.run(blocks()) == "done"
            if ENGINE._detectors[-1].faults:
                break
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"redloop: ValueError: nobody foresaw it at {__file__}:")
    assert line.endswith("a blocking call may be missing. Please report it")


def test_what_a_signals_handler_raises_is_the_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    def strikes(*_: object) -> Any:
        raise TimeoutError("it took too long")

    async def blocks() -> None:
        time.sleep(0.001)

    monkeypatch.setattr(Detector, "_record", lambda *_: signal.raise_signal(signal.SIGUSR1))
    before = signal.signal(signal.SIGUSR1, strikes)
    try:
        with detect(source=[__file__]), pytest.raises(TimeoutError, match="it took too long"):
            asyncio.run(blocks())
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_the_list_is_the_users() -> None:
    """He may empty it in the middle of a call that is still to be made shorter by what it calls back."""

    async def asks() -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.create_function("slow", 1, lambda number: spin(0.1) or number)
            connection.execute("select slow(1)").fetchall()
            calls.clear()

    with detect(source=[__file__]) as calls:
        asyncio.run(asks())
    assert "sqlite3.Connection.execute" not in {call.call for call in calls}
