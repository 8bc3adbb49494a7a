"""A lock that is watched refuses what it refuses otherwise, in the same words, and waits as long as it would."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking import detect

if TYPE_CHECKING:
    from collections.abc import Callable

LOCKS: dict[str, Callable[[], Any]] = {
    "Lock": threading.Lock,
    "RLock": threading.RLock,
    "Condition": threading.Condition,
    "Semaphore": threading.Semaphore,
    "multiprocessing.Lock": multiprocessing.Lock,
    "multiprocessing.RLock": multiprocessing.RLock,
    "multiprocessing.Semaphore": multiprocessing.Semaphore,
    "multiprocessing.Condition": multiprocessing.Condition,
}
ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    *(((), {"timeout": timeout}) for timeout in (None, -5, -0.5, "3", 1e20, float("nan"), 1 << 70, b"", [], 0, -1, 1)),
    *(((True, timeout), {}) for timeout in (None, -5, "3", True, 1.5)),
    *(((blocking, 1), {}) for blocking in (False, 0, None)),
    *(((blocking,), {}) for blocking in ("yes", 1, 1.0, 2, "", None, [], [1])),
]


def answer(lock: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    try:
        return repr(lock.acquire(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - it is compared with another one
        return f"{type(error).__name__}: {error}"


def answers(lock: Callable[[], Any]) -> list[str]:
    async def scenario() -> list[str]:
        return [answer(lock(), *arguments) for arguments in ARGUMENTS]

    return asyncio.run(scenario())


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_what_a_free_lock_refuses(lock: Callable[[], Any], nobody_else: None) -> None:  # noqa: ARG001 - no return value
    plain = answers(lock)
    with detect() as calls:
        watched = answers(lock)
    called = [f"acquire({args}, {kwargs})" for args, kwargs in ARGUMENTS]
    assert dict(zip(called, watched, strict=True)) == dict(zip(called, plain, strict=True))
    assert list(calls) == []


@pytest.mark.parametrize("lock", [threading.Lock, multiprocessing.Lock], ids=["Lock", "multiprocessing.Lock"])
def test_what_a_taken_lock_refuses_is_no_wait_for_it(lock: Callable[[], Any]) -> None:
    taken = lock()
    taken.acquire()

    async def scenario() -> None:
        for args, kwargs in (((True, "3"), {}), ((True, 1, 1), {}), ((), {"timeout": 0}), ((False,), {})):
            answer(taken, args, kwargs)
        answer(taken, (True, 0.001), {})

    with detect() as calls:
        asyncio.run(scenario())
    assert len(calls) == 1


def test_the_reentrant_lock_of_multiprocessing_is_taken_twice() -> None:
    async def scenario() -> None:
        lock = multiprocessing.RLock()
        with lock:
            assert lock.acquire()
            assert lock.acquire(timeout=-5)

    with detect() as calls:
        asyncio.run(scenario())
    assert list(calls) == []


def test_a_negative_time_out_of_multiprocessing_is_none_at_all() -> None:
    async def scenario() -> None:
        lock = multiprocessing.Lock()
        lock.acquire()
        assert not lock.acquire(timeout=-5)

    with detect() as calls:
        asyncio.run(scenario())
    assert list(calls) == []
