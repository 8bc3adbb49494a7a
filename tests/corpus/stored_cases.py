# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""What was made before the loop runs, and keeps a function that blocks: it is called without being looked up again."""

from __future__ import annotations

import asyncio
import csv
import functools
import io
import multiprocessing
import os
import queue
import sched
import socket
import sqlite3
import tempfile
import threading
import time
from collections import ChainMap, OrderedDict, UserDict, defaultdict, deque
from types import SimpleNamespace
from unittest.mock import Mock

from cases import case
from helpers import FOLDER, LONG, TEXT, later

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


# -- methods, bound to their objects before

sock, peer = socket.socketpair()
receive, send = sock.recv, peer.send
text_file = open(TEXT)
read = text_file.read
written = open(FOLDER / "written", "w")
write_row = csv.writer(written).writerow
rows = csv.DictWriter(open(FOLDER / "rows", "w"), ["a"])
write_to_memory = csv.writer(io.StringIO()).writerow
temporary = tempfile.NamedTemporaryFile("w+")
temporary.write("x"), temporary.flush()
thread_lock = threading.Lock()
acquire = thread_lock.acquire
old_condition = threading.Condition()
simple_queue = queue.SimpleQueue()
get = simple_queue.get
database = sqlite3.connect(FOLDER / "stored.db", check_same_thread=False)
execute, cursor = database.execute, database.cursor()


class Repository:
    fetch = cursor.fetchall

    def __init__(self) -> None:
        self.run = database.execute
        self.table = {"write": written.write, "steps": [os.stat, cursor.fetchone]}


repository = Repository()


@case("stored", "call", "socket.recv")
async def bound_recv() -> None:
    await asyncio.to_thread(peer.send, b"x")
    receive(1)  # <-


@case("stored", "call", "socket.send")
async def bound_send() -> None:
    send(b"x")  # <-
    await asyncio.to_thread(sock.recv, 1)


@case("stored", "call", "file.read")
async def bound_read() -> None:
    read()  # <-


@case("stored", "call", "csv.writer.writerow")
async def csv_writer_made_before() -> None:
    write_row([1, 2])  # <-


@case("stored", "call", "csv.DictWriter.writerow")
async def csv_writer_of_dicts_made_before() -> None:
    rows.writerow({"a": 1})  # <-


@case("stored", "call", "file.write")
async def csv_writer_made_now() -> None:
    writer = csv.writer(written)
    writer.writerow([1, 2])  # <-


@case("stored", "call", "file.write")
async def temporary_file_used_before() -> None:
    temporary.write("y")  # <-


@case("stored", "call", "threading.Lock.acquire")
async def bound_acquire() -> None:
    acquire()
    try:
        acquire(timeout=0.003)  # <-
    finally:
        thread_lock.release()


@case("stored", "call", "threading.RLock.acquire")
async def acquire_of_a_condition() -> None:
    held = threading.Event()

    def hold() -> None:
        with old_condition:
            held.set()
            time.sleep(0.1)

    threading.Thread(target=hold).start()
    await asyncio.to_thread(held.wait)
    old_condition.acquire()  # <-
    old_condition.release()


@case("stored", "call", "queue.SimpleQueue.get")
async def bound_get() -> None:
    later(lambda: simple_queue.put(1), 0.01)
    get()  # <-


@case("stored", "call", "sqlite3.Connection.execute")
async def bound_execute() -> None:
    execute("select 1")  # <-


@case("stored", "call", "sqlite3.Connection.execute")
async def bound_to_an_object() -> None:
    repository.run("select 1")  # <-


@case("stored", "call", "sqlite3.Cursor.fetchall")
async def bound_in_a_class() -> None:
    Repository.fetch()  # <-


@case("stored", "call", "file.write")
async def bound_in_a_table() -> None:
    repository.table["write"]("x")  # <-


@case("stored", "call", "sqlite3.Cursor.fetchone")
async def bound_in_a_list() -> None:
    repository.table["steps"][1]()  # <-


@case("stored", "clean")
async def bound_without_waiting() -> None:
    write_to_memory([1, 2])
    acquire(), thread_lock.release(), acquire(timeout=1), thread_lock.release(), acquire(False), thread_lock.release()
    simple_queue.put(1), get()


# -- functions, in what holds them


class Tables(dict):
    pass


namespace = SimpleNamespace(nap=time.sleep)
waiting = deque([time.sleep])
ordered = OrderedDict(nap=time.sleep)
defaults = defaultdict(int, nap=time.sleep)
tables = Tables(nap=time.sleep)
chain = ChainMap({}, {"nap": time.sleep})
user_dict = UserDict(nap=time.sleep)
mock = Mock(side_effect=time.sleep)
given = functools.partial(map, time.sleep)
scheduler = sched.scheduler()


@case("stored", "call", "time.sleep")
async def in_a_namespace() -> None:
    namespace.nap(0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_deque() -> None:
    waiting[0](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_an_ordered_dict() -> None:
    ordered["nap"](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_defaultdict() -> None:
    defaults["nap"](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_dict_of_ones_own() -> None:
    tables["nap"](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_chain_of_maps() -> None:
    chain["nap"](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_user_dict() -> None:
    user_dict["nap"](0.001)  # <-


@case("stored", "call", "time.sleep")
async def in_a_mock() -> None:
    mock(0.001)  # <-


@case("stored", "call", "sched.scheduler.run")
async def in_a_scheduler() -> None:
    scheduler.enter(0.003, 1, int)
    scheduler.run()  # <-


@case("stored", "call", "sched.scheduler.run")
async def in_the_defaults_of_the_library() -> None:
    made_now = sched.scheduler()
    made_now.enter(0.003, 1, int)
    made_now.run()  # <-


@case("stored", "call", "time.sleep")
async def in_the_arguments_of_a_partial() -> None:
    list(given([0.001]))  # <-
