# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""What must not be reported, however close it comes: the families of `blocking_cases`, each in its harmless form."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import csv
import ctypes
import fcntl
import functools
import gc
import hashlib
import io
import json
import linecache
import logging
import os
import queue
import re
import select
import selectors
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import urllib.request
import warnings
from pathlib import Path

from cases import case
from helpers import FOLDER, LONG, TEXT, connected, later, web_server


# -- sleeping elsewhere, or not at all


@case("sleep", "clean")
async def asyncio_sleep() -> None:
    await asyncio.sleep(0.15)


@case("sleep", "clean")
async def sleep_zero() -> None:
    time.sleep(0)


@case("sleep", "clean")
async def sleep_in_to_thread() -> None:
    await asyncio.to_thread(time.sleep, LONG)


@case("sleep", "clean")
async def sleep_in_executor() -> None:
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, LONG)


@case("future", "clean")
async def a_pool_that_is_idle_at_its_end() -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        await asyncio.get_running_loop().run_in_executor(pool, time.sleep, LONG)


@case("sleep", "clean")
async def sleep_in_a_pool() -> None:
    with_pool = concurrent.futures.ThreadPoolExecutor(2)
    await asyncio.gather(*(asyncio.wrap_future(with_pool.submit(time.sleep, LONG)) for _ in range(4)))
    with_pool.shutdown(wait=False)


@case("sleep", "clean")
async def sleep_in_a_thread() -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=lambda: (time.sleep(LONG), loop.call_soon_threadsafe(done.set))).start()
    await done.wait()


@case("sleep", "clean")
async def many_short_steps() -> None:
    for _ in range(20_000):
        await asyncio.sleep(0)


@case("sleep", "clean")
async def many_tasks_in_one_turn() -> None:
    async def work() -> None:
        sum(range(50_000))

    await asyncio.gather(*(work() for _ in range(150)))


@case("sleep", "clean")
async def short_computation() -> None:
    for _ in range(10):
        sum(range(200_000))
        await asyncio.sleep(0.005)


@case("sleep", "clean")
async def polling_the_loop() -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + 0.3
    while loop.time() < end:
        await asyncio.sleep(0)


@case("sleep", "clean")
async def timers() -> None:
    loop = asyncio.get_running_loop()
    for number in range(50):
        loop.call_later(number / 1000, int)
    await asyncio.sleep(0.1)


@case("sleep", "clean")
async def waiting_on_everything() -> None:
    event, lock, values = asyncio.Event(), asyncio.Lock(), asyncio.Queue[int]()

    async def wake() -> None:
        await asyncio.sleep(LONG)
        event.set()
        values.put_nowait(1)

    async with asyncio.TaskGroup() as group:
        group.create_task(wake())
        group.create_task(values.get())
        async with lock:
            await event.wait()


@case("sleep", "clean")
async def timeouts() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.06):
            await asyncio.sleep(10)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.sleep(10), 0.06)


# -- threads at work beside the loop


@case("thread", "clean")
async def burning_thread() -> None:
    stop = threading.Event()

    def burn() -> None:
        while not stop.is_set():
            sum(range(1000))

    thread = threading.Thread(target=burn)
    thread.start()
    for _ in range(40):
        await asyncio.sleep(0.005)
    stop.set()
    await asyncio.to_thread(thread.join)


@case("thread", "clean")
async def burning_executor() -> None:
    await asyncio.gather(*(asyncio.to_thread(sum, range(2_000_000)) for _ in range(4)))


@case("thread", "clean")
async def thread_start() -> None:
    threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    await asyncio.sleep(0.05)


@case("thread", "clean")
async def submit() -> None:
    pool = concurrent.futures.ThreadPoolExecutor(8)
    futures = [pool.submit(time.sleep, 0.01) for _ in range(8)]
    await asyncio.gather(*map(asyncio.wrap_future, futures))
    pool.shutdown(wait=False)


@case("thread", "clean")
async def result_of_a_done_future() -> None:
    pool = concurrent.futures.ThreadPoolExecutor(1)
    future = pool.submit(int)
    await asyncio.wrap_future(future)
    future.result(), future.exception()
    concurrent.futures.wait([future])
    list(concurrent.futures.as_completed([future]))
    pool.shutdown(wait=False)


@case("thread", "clean")
async def free_locks() -> None:
    for lock in (threading.Lock(), threading.RLock(), threading.Semaphore(), threading.Condition()):
        with lock:
            pass
        lock.acquire()
        lock.release()


@case("thread", "clean")
async def reentrant_lock() -> None:
    lock = threading.RLock()
    with lock, lock:
        lock.acquire()
        lock.release()


@case("thread", "clean")
async def lock_without_waiting() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(False), lock.acquire(blocking=False), lock.acquire(timeout=0)
    lock.release()


@case("thread", "clean")
async def set_event() -> None:
    event = threading.Event()
    event.set()
    event.wait(), event.is_set()
    threading.Event().wait(0)


@case("thread", "clean")
async def queue_without_waiting() -> None:
    values: queue.Queue[int] = queue.Queue()
    values.put(1)
    values.get()
    values.put_nowait(1)
    values.get_nowait()
    with contextlib.suppress(queue.Empty):
        values.get(block=False)


@case("thread", "clean")
async def simple_queue_without_waiting() -> None:
    values: queue.SimpleQueue[int] = queue.SimpleQueue()
    values.put(1)
    values.get(block=False)
    with contextlib.suppress(queue.Empty):
        values.get_nowait()


@case("thread", "clean")
async def join_of_an_ended_thread() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    await asyncio.sleep(0.02)
    thread.join()


@case("thread", "clean")
async def contended_queue() -> None:
    values: queue.Queue[int] = queue.Queue()
    stop = threading.Event()

    def consume() -> None:
        while not stop.is_set():
            with contextlib.suppress(queue.Empty):
                values.get(timeout=0.01)

    threads = [threading.Thread(target=consume) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(500):
        values.put_nowait(number)
        await asyncio.sleep(0)
    stop.set()
    await asyncio.sleep(0.03)


@case("thread", "clean")
async def queue_whose_mutex_is_held() -> None:
    values: queue.Queue[int] = queue.Queue()
    held = threading.Event()

    def hold() -> None:
        with values.mutex:
            held.set()
            time.sleep(0.01)

    threading.Thread(target=hold).start()
    await asyncio.to_thread(held.wait)
    values.put(1)  # a few instructions of the library's own, in earnest


@case("thread", "clean")
async def calls_from_threads() -> None:
    loop = asyncio.get_running_loop()
    seen = []
    await asyncio.to_thread(lambda: [loop.call_soon_threadsafe(seen.append, number) for number in range(500)])
    await asyncio.sleep(0.01)


@case("thread", "clean")
async def coroutine_from_a_thread() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(0.06), loop).result())


@case("thread", "clean")
async def condition_and_barrier_elsewhere() -> None:
    barrier = threading.Barrier(2)
    await asyncio.gather(asyncio.to_thread(barrier.wait), asyncio.to_thread(barrier.wait))


@case("thread", "clean")
async def shutdown_without_waiting() -> None:
    pool = concurrent.futures.ThreadPoolExecutor()
    pool.submit(time.sleep, LONG)
    pool.shutdown(wait=False)


@case("thread", "clean")
async def loop_in_another_thread() -> None:
    await asyncio.to_thread(asyncio.run, asyncio.sleep(LONG))


# -- files, elsewhere, in memory, or not touched


@case("file", "clean")
async def file_in_a_thread() -> None:
    def work() -> None:
        with open(FOLDER / "elsewhere", "w+") as file:
            file.write("x\n")
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            list(file)

    await asyncio.to_thread(work)


@case("file", "clean")
async def path_in_a_thread() -> None:
    await asyncio.to_thread(TEXT.read_text)


@case("file", "clean")
async def memory() -> None:
    text, data = io.StringIO("a\nb"), io.BytesIO(b"a\nb")
    text.read(), text.readline(), list(text), text.write("x"), data.read(), data.readline(), list(data)
    wrapped = io.TextIOWrapper(io.BytesIO(b"a\nb"))
    wrapped.read(), wrapped.readline(), list(wrapped), wrapped.flush()
    buffered = io.BufferedReader(io.BytesIO(b"a\nb"))  # type: ignore[type-var]
    buffered.read(1), buffered.readline(), buffered.readlines()


@case("file", "clean")
async def csv_and_json_in_memory() -> None:
    list(csv.reader(io.StringIO("a,b\n")))
    json.load(io.StringIO("{}"))
    json.dump({}, io.StringIO())


@case("file", "clean")
async def printing() -> None:
    print("out", file=sys.stderr)
    sys.stderr.write("err\n")
    sys.stderr.flush()
    print("err", file=sys.__stderr__)


@case("file", "clean")
async def log_to_a_file() -> None:
    handler = logging.FileHandler(FOLDER / "log")
    logger = logging.getLogger("corpus")
    logger.addHandler(handler)
    logger.warning("hello")
    try:
        raise ValueError
    except ValueError:
        logger.exception("with a traceback")
    logger.removeHandler(handler)
    await asyncio.to_thread(handler.close)


@case("file", "clean")
async def log_to_stderr() -> None:
    logging.getLogger("corpus.stderr").warning("hello")


@case("file", "clean")
async def warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("hello", stacklevel=1)


@case("file", "clean")
async def format_a_traceback() -> None:
    linecache.clearcache()
    try:
        raise ValueError
    except ValueError:
        traceback.format_exc()
    linecache.getline(__file__, 1)


@case("file", "clean")
async def digest_of_memory() -> None:
    hashlib.file_digest(io.BytesIO(b"abc"), "sha256")


class FailsAtItsEnd:
    def __del__(self) -> None:
        raise ValueError


@case("file", "clean")
async def finalizer_that_raises() -> None:
    thing = FailsAtItsEnd()
    del thing


@case("file", "clean")
async def callback_from_c_that_raises() -> None:
    ctypes.CFUNCTYPE(None)(lambda: 1 / 0)()


@case("file", "clean")
async def hooks_called_by_hand() -> None:
    try:
        raise ValueError
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
        sys.__excepthook__(ValueError, error, error.__traceback__)
        threading.excepthook(threading.ExceptHookArgs((ValueError, error, error.__traceback__, None)))


@case("file", "clean")
async def own_hook_that_hands_on() -> None:
    before, sys.unraisablehook = sys.unraisablehook, lambda seen: before(seen) or sys.__unraisablehook__(seen)
    thing = FailsAtItsEnd()
    del thing
    sys.unraisablehook = before


@case("file", "clean")
async def pure_paths() -> None:
    path = FOLDER / "a" / ".." / "b"
    path.name, path.parent, path.suffix, str(path), os.path.join("a", "b"), os.path.basename("a/b")
    os.getcwd(), os.getpid(), os.environ.get("HOME"), os.path.abspath("a")


@case("file", "clean")
async def close() -> None:
    file = await asyncio.to_thread(open, TEXT)
    file.closed, file.name, file.fileno(), file.readable()
    file.seek(0)
    file.close()


def _written() -> io.TextIOWrapper:
    file = open(FOLDER / "written_elsewhere", "w")
    file.write("x")
    file.flush()
    return file


@case("file", "clean")
async def nothing_left_to_write() -> None:
    for _ in range(2):
        file = await asyncio.to_thread(_written)
        file.flush()
        file.seek(0)
        file.close()
        file.close()
    with await asyncio.to_thread(_written) as file:
        file.tell()
    file = await asyncio.to_thread(_written)
    await asyncio.to_thread(file.detach().close)


@case("file", "clean")
async def pipe_without_waiting() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    os.write(writing, b"x")
    os.read(reading, 1)
    with contextlib.suppress(BlockingIOError):
        os.read(reading, 1)
    os.close(reading)
    os.close(writing)


@case("file", "clean")
async def flock_without_waiting() -> None:
    file = await asyncio.to_thread(open, FOLDER / "flock", "w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(file, fcntl.LOCK_UN)
    file.close()


@case("file", "clean")
async def spooled() -> None:
    with tempfile.SpooledTemporaryFile() as file:
        file.write(b"x")
        file.seek(0)
        file.read()


# -- imports


@case("import", "clean")
async def imported_already() -> None:
    import json.decoder
    from os import path

    path, json.decoder


@case("import", "clean")
async def import_by_c_code() -> None:
    sys.set_int_max_str_digits(0)
    time.strptime("2020", "%Y")
    str(7**5_000)


@case("import", "clean")
async def import_by_the_library() -> None:
    "münchen".encode("idna")
    concurrent.futures.ProcessPoolExecutor


@case("import", "clean")
async def import_in_a_thread() -> None:
    await asyncio.to_thread(__import__, "chunk" if sys.version_info < (3, 13) else "sched")


# -- sockets


@case("socket", "clean")
async def streams() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    await reader.read()
    writer.close()
    server.close()


@case("socket", "clean")
async def slow_peer() -> None:
    with connected() as sock:
        reader, writer = await asyncio.open_connection(sock=sock)
        await reader.readline()
        writer.close()


@case("socket", "clean")
async def non_blocking_socket() -> None:
    with connected(None) as sock:
        sock.setblocking(False)
        sock.send(b"x")
        with contextlib.suppress(BlockingIOError):
            sock.recv(1)
        with contextlib.suppress(BlockingIOError):
            sock.recv_into(bytearray(1))


@case("socket", "clean")
async def zero_timeout_socket() -> None:
    with connected(None) as sock:
        sock.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            sock.recv(1)


@case("socket", "clean")
async def loop_sockets() -> None:
    loop = asyncio.get_running_loop()
    with connected() as sock:
        sock.setblocking(False)
        await loop.sock_sendall(sock, b"x")
        await loop.sock_recv(sock, 10)


@case("socket", "clean")
async def loop_dns() -> None:
    await asyncio.get_running_loop().getaddrinfo("localhost", 80)


@case("socket", "clean")
async def datagrams() -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0))
    transport.sendto(b"x", transport.get_extra_info("sockname"))
    await asyncio.sleep(0.01)
    transport.close()


@case("socket", "clean")
async def socket_without_traffic() -> None:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", 0))
        sock.getsockname(), sock.fileno(), sock.gettimeout()
        sock.listen()


@case("socket", "clean")
async def tls_without_a_socket() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()


@case("socket", "clean")
async def http_in_a_thread() -> None:
    def work() -> None:
        with web_server() as address:
            urllib.request.urlopen(f"http://{address}").read()

    await asyncio.to_thread(work)


@case("socket", "clean")
async def url_parsing() -> None:
    urllib.parse.urlsplit("http://localhost/"), urllib.request.Request("http://localhost/")


@case("socket", "clean")
async def select_without_waiting() -> None:
    select.select([], [], [], 0)
    select.poll().poll(0)
    with select.epoll() as poller:
        poller.poll(0), poller.poll(timeout=0, maxevents=1)
    with selectors.DefaultSelector() as selector:
        selector.select(0)


# -- processes and signals


@case("process", "clean")
async def subprocess_exec() -> None:
    process = await asyncio.create_subprocess_exec("sleep", str(LONG), stdout=subprocess.PIPE)
    await process.communicate()


@case("process", "clean")
async def subprocess_shell() -> None:
    process = await asyncio.create_subprocess_shell("cat", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    await process.communicate(b"x" * 100_000)


@case("process", "clean")
async def process_poll() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["sleep", str(LONG)])
    while process.poll() is None:
        await asyncio.sleep(0.01)


@case("process", "clean")
async def waitpid_without_waiting() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["sleep", "0.01"])
    os.waitpid(process.pid, os.WNOHANG)
    await asyncio.to_thread(process.wait)


@case("process", "clean")
async def process_in_a_thread() -> None:
    await asyncio.to_thread(subprocess.run, ["sleep", str(LONG)])


@case("process", "clean")
async def process_pool() -> None:
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, lambda: pool.submit(int).result())
        await asyncio.to_thread(pool.shutdown)


@case("process", "clean")
async def signal_handlers() -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, done.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await done.wait()
    loop.remove_signal_handler(signal.SIGUSR1)


# -- databases and computation


@case("other", "clean")
async def sqlite_in_a_thread() -> None:
    def work() -> None:
        connection = sqlite3.connect(":memory:")
        connection.execute("select 1").fetchall()
        connection.commit()
        connection.close()

    await asyncio.to_thread(work)


@case("other", "clean")
async def short_c_code() -> None:
    json.dumps(list(range(1000))), re.match("a+b", "aaab"), hashlib.sha256(b"x" * 1000).hexdigest()
    sorted(range(1000)), sum(range(1000))


@case("other", "clean")
async def computation_in_a_thread() -> None:
    await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"secret", b"salt", 250_000)


@case("other", "clean")
async def context_variables() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable")
    variable.set(1)
    await asyncio.to_thread(variable.get)
    contextvars.copy_context().run(int)


@case("other", "clean")
async def partials_and_caches() -> None:
    functools.partial(int, "1")()
    functools.lru_cache(int)("1")


@case("other", "clean")
async def small_collection() -> None:
    gc.collect(0)


@case("other", "clean")
async def async_generators() -> None:
    async def numbers():  # type: ignore[no-untyped-def]
        try:
            for number in range(3):
                yield number
                await asyncio.sleep(0.02)
        finally:
            await asyncio.sleep(0.02)

    async with contextlib.aclosing(numbers()) as values:
        async for _ in values:
            break


@case("other", "clean")
async def cancellation() -> None:
    task = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(LONG)
    task.cancel()
    await asyncio.wait([task])


@case("other", "clean")
async def debug_mode() -> None:
    asyncio.get_running_loop().set_debug(True)
    await asyncio.sleep(0.06)
    await asyncio.create_task(asyncio.sleep(0))


@case("other", "clean")
async def errors() -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a message"})
    with contextlib.suppress(ValueError):
        await asyncio.gather(asyncio.sleep(0), _fail())


async def _fail() -> None:
    raise ValueError


@case("other", "clean")
async def recursion() -> None:
    async def deeper(level: int) -> None:
        if level:
            await deeper(level - 1)
        else:
            await asyncio.sleep(0.06)

    await deeper(100)


# -- the machine is busy, or stands still


@case("machine", "clean")
async def stopped_process() -> None:
    script = f"import os, signal, time; time.sleep(0.1); os.kill({os.getpid()}, signal.SIGSTOP); time.sleep(0.3); os.kill({os.getpid()}, signal.SIGCONT)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    for _ in range(60):
        await asyncio.sleep(0.01)
    await process.wait()


@case("machine", "clean")
async def stopped_while_working() -> None:
    script = f"import os, signal, time; time.sleep(0.1); os.kill({os.getpid()}, signal.SIGSTOP); time.sleep(0.3); os.kill({os.getpid()}, signal.SIGCONT)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    while process.returncode is None:
        sum(range(20_000))
        await asyncio.sleep(0)


@case("machine", "clean")
async def crowded() -> None:
    burners = [await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass") for _ in range(6)]
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        sum(range(20_000))
        await asyncio.sleep(0.001)
    for process in burners:
        process.kill()
        await process.wait()


@case("machine", "clean")
async def crowded_while_polling() -> None:
    burners = [await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass") for _ in range(6)]
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        await asyncio.sleep(0)
    for process in burners:
        process.kill()
        await process.wait()


@case("machine", "clean")
async def crowded_by_threads() -> None:
    stop = threading.Event()

    def burn() -> None:
        while not stop.is_set():
            sum(range(2000))

    for _ in range(4):
        threading.Thread(target=burn).start()
    for _ in range(30):
        await asyncio.sleep(0.002)
        json.dumps(list(range(2000)))
    stop.set()
    await asyncio.sleep(0.02)
