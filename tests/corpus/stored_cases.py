# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""What was made before the loop runs, and keeps a function that blocks: it is called without being looked up again."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from typing import TYPE_CHECKING, Any

from cases import case
from helpers import FOLDER, LONG, TEXT, later

if TYPE_CHECKING:
    from collections.abc import Callable

_FORK = multiprocessing.get_context("fork")


# -- locks of multiprocessing

mp_lock = _FORK.Lock()
mp_locks = {"rlock": _FORK.RLock(), "semaphore": _FORK.Semaphore(0), "bounded": _FORK.BoundedSemaphore(1)}
mp_event = _FORK.Event()
mp_condition = _FORK.Condition()
mp_barrier = _FORK.Barrier(2)
mp_queue = _FORK.JoinableQueue()
mp_value = _FORK.Value("i", 0)


@case("stored", "call", "multiprocessing.Lock.acquire")
async def lock_of_processes_made_before() -> None:
    mp_lock.acquire()
    try:
        mp_lock.acquire(timeout=0.003)  # <-
    finally:
        mp_lock.release()


@case("stored", "stall", "multiprocessing.Lock.acquire", LONG)
async def semaphore_of_processes_made_before() -> None:
    mp_locks["semaphore"].acquire(True, LONG)  # <-


@case("stored", "call", "multiprocessing.Event.wait")
async def event_of_processes_made_before() -> None:
    mp_event.wait(0.003)  # <-


@case("stored", "call", "multiprocessing.Condition.wait")
async def condition_of_processes_made_before() -> None:
    with mp_condition:
        mp_condition.wait(0.003)  # <-


@case("stored", "call", "threading.Barrier.wait")
async def barrier_of_processes_made_before() -> None:
    later(mp_barrier.wait, 0.02)
    mp_barrier.wait()  # <-


@case("stored", "call", "multiprocessing.JoinableQueue.join")
async def queue_of_processes_made_before() -> None:
    await asyncio.to_thread(mp_queue.put, 1)

    def work() -> None:
        mp_queue.get()
        time.sleep(0.02)
        mp_queue.task_done()

    threading.Thread(target=work, daemon=True).start()
    mp_queue.join()  # <-


@case("stored", "clean")
async def free_locks_of_processes_made_before() -> None:
    event = _FORK.Event()
    event.set()
    event.wait(), event.is_set(), mp_event.wait(0)
    for lock in (mp_lock, mp_locks["rlock"], mp_locks["bounded"], mp_condition):
        with lock:
            pass
        lock.acquire()
        lock.release()
    mp_locks["semaphore"].acquire(False), mp_locks["semaphore"].acquire(block=False)
    mp_value.value += 1
    mp_barrier.n_waiting, mp_queue.empty()
