"""What goes wrong in the thread that looks: that loop is looked at no more, others are, and it is said once."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

import pytest

from redloop.blocking import detect
from redloop.blocking.engine import ENGINE
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
