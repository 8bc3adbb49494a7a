# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""Everything that blocks, a family after the other. A short call is a `call`; one that holds the loop up, a `stall`."""

from __future__ import annotations

import asyncio
import concurrent.futures
import csv
import ctypes
import fcntl
import functools
import getpass
import glob
import hashlib
import http.client
import importlib
import io
import json
import multiprocessing
import os
import pickle
import queue
import re
import select
import selectors
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zlib
from builtins import open as opened
from os import stat as examine
from pathlib import Path
from time import sleep as nap

from cases import Case, case, marked, put
from helpers import FOLDER, LONG, TEXT, connected, later, web_server

_partial_nap = functools.partial(time.sleep, LONG)
_partial_stat = functools.partial(os.stat, os.sep)
_table = {"nap": time.sleep, "stat": os.stat}
_steps = [(os.stat, os.sep)]


class _Store:
    def __init__(self, stat=os.stat) -> None:
        self.stat = stat


def _remembering(function):
    def call(*arguments):
        return function(*arguments)  # <-

    return call


_store = _Store()
_closed_over = _remembering(os.stat)


# -- sleeps, and the callables themselves under other names


@case("sleep", "stall", "time.sleep", LONG)
async def sleep() -> None:
    time.sleep(LONG)  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_alias() -> None:
    nap(LONG)  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_partial() -> None:
    functools.partial(time.sleep, LONG)()  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_module_partial() -> None:
    _partial_nap()  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_in_a_table() -> None:
    _table["nap"](LONG)  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_as_default() -> None:
    def rest(seconds: float, sleep=time.sleep) -> None:
        sleep(seconds)  # <-

    rest(LONG)


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_mapped() -> None:
    list(map(time.sleep, [LONG]))  # <-


@case("sleep", "stall", "time.sleep", LONG)
async def sleep_locally_imported() -> None:
    from time import sleep as doze

    doze(LONG)  # <-


@case("sleep", "call", "time.sleep")
async def sleep_shortly() -> None:
    time.sleep(0.001)  # <-


@case("sleep", "call", "os.stat")
async def stat_alias() -> None:
    examine(os.sep)  # <-


@case("sleep", "call", "os.stat")
async def stat_module_partial() -> None:
    _partial_stat()  # <-


@case("sleep", "call", "os.stat")
async def stat_in_a_table() -> None:
    _table["stat"](os.sep)  # <-


@case("sleep", "call", "os.stat")
async def stat_in_a_list_of_pairs() -> None:
    for step, argument in _steps:
        step(argument)  # <-


@case("sleep", "call", "os.stat")
async def stat_as_an_attribute() -> None:
    _store.stat(os.sep)  # <-


@case("sleep", "call", "os.stat")
async def stat_mapped() -> None:
    list(map(os.stat, [os.sep]))  # <-


async def stat_in_a_closure() -> None:
    _closed_over(os.sep)


put(Case("stat_in_a_closure", "sleep", "call", stat_in_a_closure, "os.stat", lines=marked(_remembering)))


@case("sleep", "stall", "threading.Event.wait", LONG)
async def event_as_sleep() -> None:
    threading.Event().wait(LONG)  # <-


@case("sleep", "stall", "select.select", LONG)
async def select_as_sleep() -> None:
    select.select([], [], [], LONG)  # <-


# -- sockets, DNS, TLS


@case("socket", "stall", "socket.recv", LONG)
async def recv() -> None:
    with connected() as sock:
        sock.recv(10)  # <-


@case("socket", "call", "socket.recv")
async def recv_shortly() -> None:
    with connected(0) as sock:
        time.sleep(0.01)
        sock.recv(10)  # <-


@case("socket", "stall", "socket.recv_into", LONG)
async def recv_into() -> None:
    with connected() as sock:
        sock.recv_into(bytearray(10))  # <-


@case("socket", "stall", "socket.recvfrom", LONG)
async def recvfrom_timeout() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(LONG)
        try:
            sock.recvfrom(10)  # <-
        except TimeoutError:
            pass


@case("socket", "call", "socket.send")
async def send() -> None:
    with connected(None) as sock:
        sock.send(b"x")  # <-


@case("socket", "call", "socket.sendall")
async def sendall() -> None:
    with connected(None) as sock:
        sock.sendall(b"x")  # <-


@case("socket", "call", "socket.sendto")
async def sendto() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", ("127.0.0.1", 9))  # <-


@case("socket", "stall", "socket.accept", LONG)
async def accept() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        later(lambda: socket.create_connection(server.getsockname()))
        server.accept()  # <-


@case("socket", "call", "socket.connect")
async def connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as sock:
        sock.connect(server.getsockname())  # <-


@case("socket", "call", "socket.create_connection")
async def create_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()  # <-


@case("socket", "stall", "socket.SocketIO.readinto", LONG)
async def makefile() -> None:
    with connected() as sock, sock.makefile() as file:
        file.readline()  # <-


@case("socket", "call", "socket.getaddrinfo")
async def getaddrinfo() -> None:
    socket.getaddrinfo("localhost", 80)  # <-


@case("socket", "call", "socket.gethostbyname")
async def gethostbyname() -> None:
    socket.gethostbyname("localhost")  # <-


@case("socket", "call", "socket.getnameinfo")
async def getnameinfo() -> None:
    socket.getnameinfo(("127.0.0.1", 80), 0)  # <-


@case("socket", "call", "socket.getfqdn")
async def getfqdn() -> None:
    socket.getfqdn("localhost")  # <-


@case("socket", "stall", "ssl.SSLContext.wrap_socket", LONG)
async def tls_handshake() -> None:
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with connected(None) as sock:
        sock.settimeout(LONG)
        try:
            context.wrap_socket(sock)  # <-
        except OSError:
            pass


# -- HTTP


@case("http", "stall", "urllib.request.urlopen")
async def urlopen() -> None:
    with web_server() as address:
        urllib.request.urlopen(f"http://{address}").read()  # <-


@case("http", "stall", "http.client.HTTPConnection.getresponse", LONG)
async def http_client() -> None:
    with web_server() as address:
        connection = http.client.HTTPConnection(address)
        connection.request("GET", "/")
        connection.getresponse()  # <-


@case("http", "call", "http.client.HTTPConnection.request")
async def http_client_request() -> None:
    with web_server(0) as address:
        connection = http.client.HTTPConnection(address)
        connection.request("GET", "/")  # <-


# -- select and poll


@case("select", "stall", "select.select", LONG)
async def select_select() -> None:
    with connected(None) as sock:
        select.select([sock], [], [], LONG)  # <-


@case("select", "stall", "select.poll.poll", LONG)
async def select_poll() -> None:
    select.poll().poll(LONG * 1000)  # <-


@case("select", "stall", "select.epoll.poll", LONG)
async def select_epoll() -> None:
    with select.epoll() as poller:
        poller.poll(LONG)  # <-


@case("select", "call", "select.epoll.poll")
async def select_epoll_shortly() -> None:
    poll = select.epoll().poll
    await asyncio.sleep(0)
    poll(maxevents=1, timeout=0.001)  # <-


@case("select", "call", "selectors.EpollSelector.select")
async def select_by_a_selector() -> None:
    selectors.EpollSelector().select(0.001)  # <-


@case("select", "stall", "selectors.EpollSelector.select", LONG)
async def selectors_select() -> None:
    with selectors.DefaultSelector() as selector:
        selector.select(LONG)  # <-


# -- processes


@case("process", "stall", "subprocess.run", LONG)
async def subprocess_run() -> None:
    subprocess.run(["sleep", str(LONG)])  # <-


@case("process", "stall", "subprocess.check_output", LONG)
async def subprocess_check_output() -> None:
    subprocess.check_output(["sleep", str(LONG)])  # <-


@case("process", "stall", "subprocess.call", LONG)
async def subprocess_call() -> None:
    subprocess.call(["sleep", str(LONG)])  # <-


@case("process", "stall", "subprocess.getoutput", LONG)
async def subprocess_getoutput() -> None:
    subprocess.getoutput(f"sleep {LONG}")  # <-


@case("process", "call", "subprocess.Popen")
async def subprocess_popen() -> None:
    process = subprocess.Popen(["true"])  # <-
    await asyncio.to_thread(process.wait)


@case("process", "stall", "subprocess.Popen.wait", LONG)
async def subprocess_wait() -> None:
    process = subprocess.Popen(["sleep", str(LONG)])
    process.wait()  # <-


@case("process", "stall", "subprocess.Popen.communicate", LONG)
async def subprocess_communicate() -> None:
    process = subprocess.Popen(["sleep", str(LONG)], stdout=subprocess.PIPE)
    process.communicate()  # <-


@case("process", "stall", "os.system", LONG)
async def os_system() -> None:
    os.system(f"sleep {LONG}")  # <-


@case("process", "stall", "os.waitpid", LONG)
async def os_waitpid() -> None:
    process = subprocess.Popen(["sleep", str(LONG)])
    os.waitpid(process.pid, 0)  # <-
    process.returncode = 0


@case("process", "call", "os.popen")
async def os_popen() -> None:
    os.popen("true").close()  # <-


@case("process", "stall", "multiprocessing.Process.join", LONG)
async def process_join() -> None:
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(LONG,))
    process.start()
    process.join()  # <-


@case("process", "call", "multiprocessing.Process.start")
async def process_start() -> None:
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0,))
    process.start()  # <-
    await asyncio.to_thread(process.join)


@case("process", "stall", "multiprocessing.Connection.recv", LONG)
async def pipe_recv() -> None:
    reading, writing = multiprocessing.Pipe()
    later(lambda: writing.send(1))
    reading.recv()  # <-


@case("process", "stall", "multiprocessing.Connection.poll", LONG)
async def pipe_poll() -> None:
    reading, _writing = multiprocessing.Pipe()
    reading.poll(LONG)  # <-


@case("process", "stall", "multiprocessing.Queue.get", LONG)
async def process_queue_get() -> None:
    values = multiprocessing.Queue()
    later(lambda: values.put(1))
    values.get()  # <-


@case("process", "stall", "multiprocessing.SemLock.__enter__", LONG)
async def process_lock() -> None:
    lock = multiprocessing.Lock()
    lock.acquire()
    later(lock.release)
    with lock:  # <-
        pass


# -- threads


@case("thread", "stall", "threading.Lock.acquire", LONG)
async def lock_acquire() -> None:
    lock = threading.Lock()
    lock.acquire()
    later(lock.release)
    lock.acquire()  # <-


@case("thread", "call", "threading.Lock.acquire")
async def lock_acquire_shortly() -> None:
    lock = threading.Lock()
    lock.acquire()
    later(lock.release, 0.005)
    lock.acquire(timeout=1)  # <-


@case("thread", "call", "threading.Lock.acquire")
async def lock_with_shortly() -> None:
    lock = threading.Lock()
    lock.acquire()
    later(lock.release, 0.005)
    with lock:  # <-
        pass


@case("thread", "call", "threading.Lock.acquire")
async def lock_acquired_by_its_old_name() -> None:
    lock = threading.Lock()
    lock.acquire_lock()
    lock.acquire_lock(True, 0.003)  # <-


async def _held_by_a_thread(lock, seconds: float = 0.1) -> None:
    held = threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            time.sleep(seconds)

    threading.Thread(target=hold).start()
    await asyncio.to_thread(held.wait)


@case("thread", "call", "threading.RLock.acquire")
async def rlock_with_shortly() -> None:
    lock = threading.RLock()
    await _held_by_a_thread(lock)
    with lock:  # <-
        pass


@case("thread", "call", "threading.RLock.acquire")
async def rlock_written_in_python() -> None:
    lock = threading._PyRLock()
    await _held_by_a_thread(lock)
    with lock:  # <-
        pass


@case("thread", "call", "threading.Condition.__enter__")
async def condition_with_shortly() -> None:
    condition = threading.Condition()
    await _held_by_a_thread(condition)
    with condition:  # <-
        condition.notify()


@case("thread", "call", "threading.Condition.__enter__")
async def condition_of_a_lock() -> None:
    condition = threading.Condition(threading.Lock())
    await _held_by_a_thread(condition)
    with condition:  # <-
        pass


@case("thread", "stall", "threading.Condition.__enter__")
async def condition_with() -> None:
    condition = threading.Condition()
    await _held_by_a_thread(condition, 0.2)
    with condition:  # <-
        pass


@case("thread", "stall", "threading.Event.wait", LONG)
async def event_wait() -> None:
    event = threading.Event()
    later(event.set)
    event.wait()  # <-


@case("thread", "call", "threading.Event.wait")
async def event_wait_shortly() -> None:
    threading.Event().wait(0.002)  # <-


@case("thread", "stall", "threading.Condition.wait", LONG)
async def condition_wait() -> None:
    condition = threading.Condition()
    with condition:
        condition.wait(LONG)  # <-


@case("thread", "stall", "threading.Condition.wait_for", LONG)
async def condition_wait_for() -> None:
    condition = threading.Condition()
    with condition:
        condition.wait_for(lambda: False, LONG)  # <-


@case("thread", "stall", "threading.Semaphore.acquire", LONG)
async def semaphore_acquire() -> None:
    semaphore = threading.Semaphore(0)
    later(semaphore.release)
    semaphore.acquire()  # <-


@case("thread", "stall", "threading.Semaphore.acquire", LONG)
async def semaphore_with() -> None:
    semaphore = threading.BoundedSemaphore(1)
    semaphore.acquire()
    later(semaphore.release)
    with semaphore:  # <-
        pass


@case("thread", "stall", "threading.Barrier.wait", LONG)
async def barrier_wait() -> None:
    barrier = threading.Barrier(2)
    later(barrier.wait)
    barrier.wait()  # <-


@case("thread", "stall", "threading.Thread.join", LONG)
async def thread_join() -> None:
    thread = later(lambda: None)
    thread.join()  # <-


@case("thread", "call", "threading.Thread.join")
async def thread_join_timeout() -> None:
    thread = later(lambda: None, 0.1)
    thread.join(0.003)  # <-


@case("thread", "stall", "queue.Queue.get", LONG)
async def queue_get() -> None:
    values: queue.Queue[int] = queue.Queue()
    later(lambda: values.put(1))
    values.get()  # <-


@case("thread", "stall", "queue.Queue.put", LONG)
async def queue_put() -> None:
    values: queue.Queue[int] = queue.Queue(1)
    values.put(1)
    later(values.get)
    values.put(2)  # <-


@case("thread", "stall", "queue.Queue.join", LONG)
async def queue_join() -> None:
    values: queue.Queue[int] = queue.Queue()
    values.put(1)
    later(values.task_done)
    values.join()  # <-


@case("thread", "stall", "queue.SimpleQueue.get", LONG)
async def simple_queue_get() -> None:
    values: queue.SimpleQueue[int] = queue.SimpleQueue()
    later(lambda: values.put(1))
    values.get()  # <-


@case("thread", "call", "queue.Queue.get")
async def queue_get_timeout() -> None:
    try:
        queue.Queue().get(timeout=0.003)  # <-
    except queue.Empty:
        pass


# -- futures and executors


@case("future", "stall", "concurrent.futures.Future.result", LONG)
async def future_result() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    pool.submit(time.sleep, LONG).result()  # <-
    pool.shutdown(wait=False)


@case("future", "stall", "concurrent.futures.Future.exception", LONG)
async def future_exception() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    pool.submit(time.sleep, LONG).exception()  # <-
    pool.shutdown(wait=False)


@case("future", "stall", "concurrent.futures.wait", LONG)
async def futures_wait() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    concurrent.futures.wait([pool.submit(time.sleep, LONG)])  # <-
    pool.shutdown(wait=False)


@case("future", "stall", "concurrent.futures.as_completed", LONG)
async def futures_as_completed() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    list(concurrent.futures.as_completed([pool.submit(time.sleep, LONG)]))  # <-
    pool.shutdown(wait=False)


@case("future", "stall", "concurrent.futures.Executor.map", LONG)
async def executor_map() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    list(pool.map(time.sleep, [LONG]))  # <-
    pool.shutdown(wait=False)


@case("future", "stall", "concurrent.futures.ThreadPoolExecutor.shutdown", LONG)
async def executor_shutdown() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    pool.submit(time.sleep, LONG)
    pool.shutdown()  # <-


@case("future", "stall", "concurrent.futures.Executor.__exit__", LONG)
async def executor_with() -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:  # <-
        pool.submit(time.sleep, LONG)


@case("future", "stall", "concurrent.futures.Future.result", 0.1)
async def run_coroutine_threadsafe_on_own_loop() -> None:
    future = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), asyncio.get_running_loop())
    try:
        future.result(0.1)  # <-
    except TimeoutError:
        pass


# -- sqlite3


@case("sqlite3", "call", "sqlite3.connect")
async def sqlite_connect() -> None:
    sqlite3.connect(FOLDER / "connect.db").close()  # <-


@case("sqlite3", "call", "sqlite3.Connection.execute")
async def sqlite_execute() -> None:
    connection = sqlite3.connect(FOLDER / "execute.db")
    connection.execute("select 1")  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Cursor.execute")
async def sqlite_cursor_execute() -> None:
    connection = sqlite3.connect(FOLDER / "execute.db")
    connection.cursor().execute("select 1")  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Cursor.executemany")
async def sqlite_executemany() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (a)")
    connection.cursor().executemany("insert into t values (?)", [(1,), (2,)])  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Connection.executescript")
async def sqlite_executescript() -> None:
    connection = sqlite3.connect(FOLDER / "script.db")
    connection.executescript("create table if not exists t (a); insert into t values (1)")  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Connection.commit")
async def sqlite_commit() -> None:
    connection = sqlite3.connect(FOLDER / "commit.db")
    connection.execute("create table if not exists t (a)")
    connection.commit()  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Connection.__exit__")
async def sqlite_with() -> None:
    connection = sqlite3.connect(FOLDER / "with.db")
    with connection:  # <-
        connection.execute("create table if not exists t (a)")
    connection.close()


@case("sqlite3", "call", "sqlite3.Cursor.fetchall")
async def sqlite_fetchall() -> None:
    connection = sqlite3.connect(":memory:")
    cursor = connection.execute("select 1")
    cursor.fetchall()  # <-
    connection.close()


@case("sqlite3", "stall", "sqlite3.Connection.execute", LONG)
async def sqlite_busy() -> None:
    first = sqlite3.connect(FOLDER / "busy.db", isolation_level=None)
    second = sqlite3.connect(FOLDER / "busy.db", timeout=LONG, isolation_level=None)
    first.execute("begin exclusive")
    try:
        second.execute("begin exclusive")  # <-
    except sqlite3.OperationalError:
        pass
    first.close()
    second.close()


@case("sqlite3", "cpu", "sqlite3.Connection.execute")
async def sqlite_query() -> None:
    connection = sqlite3.connect(":memory:")
    query = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 800000) select sum(i) from n"
    connection.execute(query).fetchall()  # <-
    connection.close()


@case("sqlite3", "call", "sqlite3.Cursor.__next__")
async def sqlite_iteration() -> None:
    cursor = sqlite3.connect(":memory:").execute("values (1), (2)")
    for _ in cursor:  # <-
        pass


@case("sqlite3", "call", "sqlite3.Cursor.__next__")
async def sqlite_list() -> None:
    cursor = sqlite3.connect(":memory:").execute("values (1), (2)")
    list(cursor)  # <-


@case("sqlite3", "stall", "sqlite3.Cursor.__next__")
async def sqlite_row_that_takes_long() -> None:
    connection = sqlite3.connect(":memory:")
    connection.create_function("nap", 1, lambda number: time.sleep(LONG * (number == 3)))
    cursor = connection.execute("select nap(column1) from (values (1), (2), (3), (4))")
    for _ in cursor:  # <-
        pass


@case("sqlite3", "cpu")
async def sqlite_function_computes() -> None:
    def digest(number: int) -> int:
        return sum(i & number for i in range(1_500_000))  # <-

    connection = sqlite3.connect(":memory:")
    connection.create_function("digest", 1, digest)
    connection.execute("select digest(7)")


# -- files


@case("file", "call", "open")
async def file_open() -> None:
    open(TEXT).close()  # <-


@case("file", "call", "open")
async def file_open_alias() -> None:
    opened(TEXT, "rb").close()  # <-


@case("file", "call", "open")
async def file_io_open() -> None:
    io.open(TEXT).close()  # <-


@case("file", "call", "")
async def path_open() -> None:
    TEXT.open().close()  # <-


@case("file", "call", "pathlib.Path.read_text")
async def path_read_text() -> None:
    TEXT.read_text()  # <-


@case("file", "call", "pathlib.Path.write_bytes")
async def path_write_bytes() -> None:
    (FOLDER / "written").write_bytes(b"x")  # <-


@case("file", "call", "")
async def path_exists() -> None:
    TEXT.exists()  # <-


@case("file", "call", "")
async def path_iterdir() -> None:
    list(FOLDER.iterdir())  # <-


@case("file", "call", "pathlib.Path.glob")
async def path_glob() -> None:
    list(FOLDER.glob("*"))  # <-


@case("file", "call", "pathlib.Path.glob" if sys.version_info >= (3, 13) else "pathlib.Path.rglob")
async def path_rglob() -> None:
    list(FOLDER.rglob("*"))  # <-


@case("file", "call", "")
async def path_mkdir() -> None:
    (FOLDER / "made").mkdir(exist_ok=True)  # <-


@case("file", "call", "")
async def path_touch() -> None:
    (FOLDER / "touched").touch()  # <-


_elsewhere = concurrent.futures.ThreadPoolExecutor(1)


async def _opened(*arguments: str) -> io.IOBase:
    return await asyncio.get_running_loop().run_in_executor(_elsewhere, opened, TEXT, *arguments)  # type: ignore[arg-type]


@case("file", "call", "file.read")
async def file_read() -> None:
    (await _opened()).read()  # <-


@case("file", "call", "file.read")
async def file_read_binary() -> None:
    (await _opened("rb")).read()  # <-


@case("file", "call", "file.read")
async def file_read_raw() -> None:
    file = await asyncio.to_thread(open, TEXT, "rb", 0)
    file.read(3)  # <-


@case("file", "call", "file.readinto")
async def file_readinto() -> None:
    (await _opened("rb")).readinto(bytearray(3))  # <-


@case("file", "call", "file.readline")
async def file_readline() -> None:
    (await _opened()).readline()  # <-


@case("file", "call", "file.readlines")
async def file_readlines() -> None:
    (await _opened()).readlines()  # <-


@case("file", "call", "hashlib.file_digest")
async def file_digest() -> None:
    hashlib.file_digest(await _opened("rb"), "sha256")  # <-


@case("file", "stall", "hashlib.file_digest")
async def file_digest_of_a_large_file() -> None:
    (FOLDER / "zeros").touch()
    os.truncate(FOLDER / "zeros", 300_000_000)
    hashlib.file_digest(await asyncio.to_thread(open, FOLDER / "zeros", "rb"), "sha256")  # <-


@case("file", "call", "")
async def file_readlines_binary() -> None:
    (await _opened("rb")).readlines()  # <-


@case("file", "call", "file.__next__")
async def file_iteration() -> None:
    for _ in await _opened():  # <-
        pass


@case("file", "call", "")
async def file_iteration_binary() -> None:
    for _ in await _opened("rb"):  # <-
        pass


@case("file", "call", "file.__next__")
async def file_list() -> None:
    list(await _opened())  # <-


@case("file", "call", "file.__next__")
async def file_next() -> None:
    next(await _opened())  # <-


@case("file", "call", "")
async def file_comprehension() -> None:
    file = await _opened()
    _ = [line for line in file]  # <-


@case("file", "call", "file.__next__")
async def file_csv() -> None:
    list(csv.reader(await _opened()))  # <-


@case("file", "call", "json.load")
async def file_json() -> None:
    (FOLDER / "json").write_text("{}")
    file = await asyncio.to_thread(open, FOLDER / "json")
    json.load(file)  # <-


@case("file", "call", "json.dump")
async def file_json_dump() -> None:
    file = await asyncio.to_thread(open, FOLDER / "json", "w")
    json.dump({}, file)  # <-


@case("file", "call", "")
async def file_pickle() -> None:
    (FOLDER / "pickle").write_bytes(pickle.dumps(1))
    file = await asyncio.to_thread(open, FOLDER / "pickle", "rb")
    pickle.load(file)  # <-


@case("file", "call", "file.write")
async def file_write() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    file.write("x")  # <-


@case("file", "call", "file.write")
async def file_write_binary() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "wb")
    file.write(b"x")  # <-


@case("file", "call", "file.writelines")
async def file_writelines() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    file.writelines(["x"])  # <-


@case("file", "call", "file.write")
async def file_print() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    print("x", file=file)  # <-


@case("file", "call", "file.flush")
async def file_flush() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    file.write("x")
    file.flush()  # <-


@case("file", "call", "file.flush")
async def file_print_flushed() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    print("x", file=file, flush=True)  # <-


@case("file", "call", "file.close")
async def file_close() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    file.write("x")
    file.flush()
    file.write("y")
    file.close()  # <-


@case("file", "call", "file.close")
async def file_with() -> None:
    with open(FOLDER / "write", "wb") as file:  # <-
        file.write(b"x")


@case("file", "call", "file.close")
async def file_given_up() -> None:
    file = open(FOLDER / "write", "w")
    file.write("x")
    del file  # <-


@case("file", "call", "file.seek")
async def file_seek() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w+")
    file.write("x")
    file.seek(0)  # <-


@case("file", "call", "os.fsync")
async def file_fsync() -> None:
    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    os.fsync(file.fileno())  # <-


@case("file", "call", "os.open")
async def os_open() -> None:
    os.close(os.open(TEXT, os.O_RDONLY))  # <-


@case("file", "call", "os.read")
async def os_read() -> None:
    fd = await asyncio.to_thread(os.open, TEXT, os.O_RDONLY)
    os.read(fd, 10)  # <-
    os.close(fd)


@case("file", "stall", "os.read", LONG)
async def os_read_pipe() -> None:
    reading, writing = os.pipe()
    later(lambda: os.write(writing, b"x"))
    os.read(reading, 1)  # <-


@case("file", "call", "os.listdir")
async def os_listdir() -> None:
    os.listdir(FOLDER)  # <-


@case("file", "call", "os.scandir")
async def os_scandir() -> None:
    os.scandir(FOLDER).close()  # <-


@case("file", "call", "os.walk")
async def os_walk() -> None:
    list(os.walk(FOLDER))  # <-


@case("file", "call", "")
async def os_path_exists() -> None:
    os.path.exists(TEXT)  # <-


@case("file", "call", "")
async def os_path_getsize() -> None:
    os.path.getsize(TEXT)  # <-


@case("file", "call", "")
async def os_path_isdir() -> None:
    os.path.isdir(FOLDER)  # <-


@case("file", "call", "os.makedirs")
async def os_makedirs() -> None:
    os.makedirs(FOLDER / "a" / "b", exist_ok=True)  # <-


@case("file", "call", "os.rename")
async def os_rename() -> None:
    (FOLDER / "from").touch()
    os.rename(FOLDER / "from", FOLDER / "to")  # <-


@case("file", "call", "os.remove")
async def os_remove() -> None:
    (FOLDER / "gone").touch()
    os.remove(FOLDER / "gone")  # <-


@case("file", "call", "glob.glob")
async def glob_glob() -> None:
    glob.glob(str(FOLDER / "*"))  # <-


@case("file", "call", "shutil.copy")
async def shutil_copy() -> None:
    shutil.copy(TEXT, FOLDER / "copy")  # <-


@case("file", "call", "shutil.rmtree")
async def shutil_rmtree() -> None:
    (FOLDER / "tree").mkdir()
    shutil.rmtree(FOLDER / "tree")  # <-


@case("file", "cpu")
async def file_writelines_computes() -> None:
    def lines() -> Iterator[str]:
        for _ in range(3):
            yield str(sum(i & 7 for i in range(500_000)))  # <-

    file = await asyncio.to_thread(open, FOLDER / "write", "w")
    file.writelines(lines())


@case("file", "cpu")
async def copytree_ignores_slowly() -> None:
    def ignore(folder: str, names: list[str]) -> list[str]:
        sum(i & len(folder) for i in range(1_500_000))  # <-
        return names

    shutil.copytree(FOLDER, FOLDER / "slow_copy", ignore=ignore)


@case("file", "call", "shutil.copytree")
async def shutil_copytree() -> None:
    (FOLDER / "tree1").mkdir()
    shutil.copytree(FOLDER / "tree1", FOLDER / "tree2")  # <-


@case("file", "call", "tempfile.NamedTemporaryFile")
async def temporary_file() -> None:
    tempfile.NamedTemporaryFile().close()  # <-


@case("file", "call", "tempfile.mkdtemp")
async def temporary_folder() -> None:
    os.rmdir(tempfile.mkdtemp())  # <-


@case("file", "call", "tempfile.TemporaryDirectory")
async def temporary_directory() -> None:
    with tempfile.TemporaryDirectory():  # <-
        pass


@case("file", "stall", "fcntl.flock", LONG)
async def flock() -> None:
    first, second = open(FOLDER / "lock", "w"), open(FOLDER / "lock", "w")
    fcntl.flock(first, fcntl.LOCK_EX)
    later(lambda: fcntl.flock(first, fcntl.LOCK_UN))
    fcntl.flock(second, fcntl.LOCK_EX)  # <-


@case("file", "stall", "open", LONG)
async def fifo_open() -> None:
    os.mkfifo(FOLDER / "fifo")
    later(lambda: opened(FOLDER / "fifo", "w").close())
    open(FOLDER / "fifo").close()  # <-


# -- the terminal, signals, imports, ctypes


@case("other", "call", "input")
async def input_() -> None:
    sys.stdin = io.StringIO("x\n")
    input()  # <-


@case("other", "stall", "signal.pause", LONG)
async def signal_pause() -> None:
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, LONG)
    signal.pause()  # <-


@case("other", "stall", "signal.sigtimedwait", LONG)
async def signal_sigtimedwait() -> None:
    signal.sigtimedwait([signal.SIGUSR1], LONG)  # <-


@case("other", "call", "import")
async def import_statement() -> None:
    import wave  # <-


@case("other", "call", "importlib.import_module")
async def import_function() -> None:
    importlib.import_module("colorsys")  # <-


@case("other", "call", "os.stat")
async def module_imported_in_a_thread() -> None:
    (FOLDER / "module_of_a_thread.py").write_text("from os import stat\n")
    sys.path.insert(0, str(FOLDER))
    module = await asyncio.to_thread(importlib.import_module, "module_of_a_thread")
    module.stat(os.sep)  # <-


@case("other", "stall", "", LONG)
async def import_of_a_slow_module() -> None:
    (FOLDER / "slow_module.py").write_text(f"import threading\nthreading.Event().wait({LONG})\n")
    sys.path.insert(0, str(FOLDER))
    import slow_module  # type: ignore[import-not-found]  # <-


@case("other", "stall", "", LONG)
async def ctypes_usleep() -> None:
    ctypes.CDLL(None).usleep(int(LONG * 1e6))  # <-


@case("other", "stall", "", LONG)
async def ctypes_keeping_the_lock() -> None:
    ctypes.PyDLL(None).usleep(int(LONG * 1e6))  # <-


# -- computation, in Python and in C, with the interpreter lock and without


@case("cpu", "cpu")
async def python_loop() -> None:
    total = 0
    for number in range(4_000_000):  # <-
        total += number  # <-


@case("cpu", "cpu")
async def python_recursion() -> None:
    def fibonacci(n: int) -> int:
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)  # <-

    fibonacci(30)  # <-


@case("cpu", "cpu")
async def sum_range() -> None:
    sum(range(6_000_000))  # <-


@case("cpu", "cpu")
async def sorting() -> None:
    sorted([(number * 7919) % 1_000_003 for number in range(500_000)])  # <-


@case("cpu", "cpu")
async def big_power() -> None:
    len(str(3**60_000 % 10**4000)), pow(3, 400_001, 10**2000 + 7), 7**900_000  # <-


@case("cpu", "cpu")
async def json_dumps() -> None:
    json.dumps(list(range(700_000)))  # <-


@case("cpu", "cpu")
async def json_loads() -> None:
    json.loads("[" + "1.5," * 1_500_000 + "1]")  # <-


@case("cpu", "cpu")
async def regex() -> None:
    re.match(r"(a+)+$", "a" * 22 + "b")  # <-


@case("cpu", "cpu")
async def pbkdf2() -> None:
    hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 1_000_000)  # <-


@case("cpu", "cpu")
async def sha256() -> None:
    hashlib.sha256(bytes(300_000_000)).hexdigest()  # <-


@case("cpu", "cpu")
async def compress() -> None:
    zlib.compress(os.urandom(3_000_000), 9)  # <-


@case("cpu", "cpu")
async def pickling() -> None:
    pickle.loads(pickle.dumps([str(number) for number in range(400_000)]))  # <-


@case("cpu", "cpu")
async def copying() -> None:
    import copy

    copy.deepcopy([[number] for number in range(60_000)])  # <-


@case("cpu", "cpu")
async def joining() -> None:
    "".join(str(number) for number in range(700_000))  # <-


@case("cpu", "cpu")
async def list_search() -> None:
    [0] * 4_000_000 + [1] == [0] * 4_000_001, [0.5] * 6_000_000 == [0.5] * 6_000_000  # <-


kept: list[object] = []  # so that it does not end with the case, on another line


@case("cpu", "cpu")
async def many_objects() -> None:
    kept.append([{} for _ in range(1_500_000)])  # <-


@case("cpu", "cpu")
async def in_a_busy_group() -> None:
    async def other() -> None:
        for _ in range(20):
            await asyncio.sleep(0.001)

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(other())
        await asyncio.sleep(0.004)
        sum(range(6_000_000))  # <-
