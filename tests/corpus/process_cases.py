# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""Threads, processes, signals and loops beside the one that is watched, and what of it holds that one up."""

from __future__ import annotations

import asyncio
import concurrent.futures
import bz2
import contextlib
import ctypes
import gc
import gzip
import hashlib
import inspect
import io
import json
import linecache
import logging
import logging.handlers
import multiprocessing
import os
import queue
import select
import selectors
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
import zipfile
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from cases import case
from helpers import FOLDER, LONG, TEXT, connected, later

_FORK = multiprocessing.get_context("fork")
_SPAWN = multiprocessing.get_context("spawn")


# -- executors: how they start and stop is not the caller's doing


@case("executor", "clean")
async def process_pool_submitted() -> None:
    pool = ProcessPoolExecutor(2)
    await asyncio.wrap_future(pool.submit(os.getpid))
    pool.shutdown(wait=False)


@case("executor", "clean")
async def process_pool_in_executor() -> None:
    pool = ProcessPoolExecutor(2)
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(pool, os.getpid) for _ in range(6)))
    pool.shutdown(wait=False)


@case("executor", "clean")
async def process_pool_forking() -> None:
    pool = ProcessPoolExecutor(2, mp_context=_FORK)
    await asyncio.gather(*(asyncio.wrap_future(pool.submit(abs, number)) for number in range(6)))
    pool.shutdown(wait=False, cancel_futures=True)


@case("executor", "clean")
async def process_pool_spawning() -> None:
    pool = ProcessPoolExecutor(1, mp_context=_SPAWN)
    await asyncio.get_running_loop().run_in_executor(pool, abs, -1)
    pool.shutdown(wait=False)


@case("executor", "clean")
async def process_pool_computing() -> None:
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(2, mp_context=_FORK)
    await asyncio.gather(*(loop.run_in_executor(pool, sum, range(3_000_000)) for _ in range(4)))
    await asyncio.to_thread(pool.shutdown)


@case("executor", "clean")
async def process_pool_that_breaks() -> None:
    pool = ProcessPoolExecutor(1, mp_context=_FORK)
    with contextlib.suppress(concurrent.futures.BrokenExecutor):
        await asyncio.get_running_loop().run_in_executor(pool, os._exit, 1)
    pool.shutdown(wait=False)


@case("executor", "clean")
async def process_pool_mapped_in_a_thread() -> None:
    with_pool = ProcessPoolExecutor(2, mp_context=_FORK)
    await asyncio.to_thread(lambda: list(with_pool.map(abs, range(10))))
    await asyncio.to_thread(with_pool.shutdown)


@case("executor", "clean")
async def first_to_thread() -> None:
    await asyncio.to_thread(int)


@case("executor", "clean")
async def many_to_thread() -> None:
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.005) for _ in range(60)))


@case("executor", "clean")
async def thread_pool_submitted() -> None:
    pool = ThreadPoolExecutor(10)
    for _ in range(30):
        pool.submit(time.sleep, 0.002)
    await asyncio.sleep(0.05)
    pool.shutdown(wait=False, cancel_futures=True)


@case("executor", "clean")
async def thread_pool_with_initializer() -> None:
    pool = ThreadPoolExecutor(2, initializer=time.sleep, initargs=(LONG,))
    await asyncio.get_running_loop().run_in_executor(pool, int)
    pool.shutdown(wait=False)


@case("executor", "clean")
async def set_default_executor() -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(3))
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.03) for _ in range(6)))
    await loop.shutdown_default_executor()


@case("executor", "clean")
async def empty_pool_with() -> None:
    with ThreadPoolExecutor(2):
        pass


@case("executor", "stall")
async def process_pool_result() -> None:
    pool = ProcessPoolExecutor(1, mp_context=_FORK)
    await asyncio.wrap_future(pool.submit(int))
    pool.submit(time.sleep, LONG).result()  # <-
    pool.shutdown(wait=False)


@case("executor", "stall")
async def process_pool_shutdown() -> None:
    pool = ProcessPoolExecutor(1, mp_context=_FORK)
    await asyncio.wrap_future(pool.submit(int))
    pool.submit(time.sleep, LONG)
    pool.shutdown()  # <-


@case("executor", "stall")
async def multiprocessing_pool_apply() -> None:
    pool = await asyncio.to_thread(_FORK.Pool, 1)
    pool.apply(time.sleep, (LONG,))  # <-
    pool.terminate()


@case("executor", "stall")
async def multiprocessing_async_result() -> None:
    pool = await asyncio.to_thread(_FORK.Pool, 1)
    result = pool.apply_async(time.sleep, (LONG,))
    result.get()  # <-
    pool.terminate()


@case("executor", "stall")
async def thread_pool_map_result() -> None:
    pool = ThreadPoolExecutor(1)
    for _ in pool.map(time.sleep, [LONG]):  # <-
        pass
    pool.shutdown(wait=False)


@case("executor", "stall")
async def process_pool_map_result() -> None:
    pool = ProcessPoolExecutor(1, mp_context=_FORK)
    list(pool.map(time.sleep, [LONG]))  # <-
    pool.shutdown(wait=False)


# -- threads beside the loop


@case("threads", "clean")
async def python_burners() -> None:
    stop = []

    def burn() -> None:
        while not stop:
            pass

    threads = [threading.Thread(target=burn, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        await asyncio.sleep(0.002)
    stop.append(1)
    await asyncio.sleep(0.02)


@case("threads", "clean")
async def burners_and_work() -> None:
    stop = []

    def burn() -> None:
        while not stop:
            json.dumps([1] * 100)

    for _ in range(2):
        threading.Thread(target=burn, daemon=True).start()
    for _ in range(60):
        json.loads(json.dumps(list(range(300))))
        await asyncio.sleep(0)
    stop.append(1)
    await asyncio.sleep(0.02)


@case("threads", "clean")
async def hashing_threads() -> None:
    data = bytes(20_000_000)
    await asyncio.gather(*(asyncio.to_thread(lambda: hashlib.sha256(data).digest()) for _ in range(8)))


@case("threads", "clean")
async def thread_that_keeps_the_interpreter_lock() -> None:
    """The loop stands still, but no line of its code is to blame."""
    thread = threading.Thread(target=lambda: sum(range(8_000_000)), daemon=True)
    await asyncio.sleep(0.01)
    thread.start()
    await asyncio.sleep(0.15)
    while thread.is_alive():
        await asyncio.sleep(0.01)


@case("threads", "clean")
async def thread_that_keeps_the_lock_between_turns() -> None:
    thread = threading.Thread(target=lambda: ctypes.PyDLL(None).usleep(int(LONG * 1e6)), daemon=True)
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, thread.start)
    for _ in range(100):
        await asyncio.sleep(0.001)


@case("threads", "clean")
async def executor_that_keeps_the_interpreter_lock() -> None:
    for _ in range(3):
        await asyncio.to_thread(sum, range(6_000_000))


@case("threads", "clean")
async def timer_thread() -> None:
    timer = threading.Timer(0.03, time.sleep, (0.1,))
    timer.start()
    await asyncio.sleep(0.1)
    timer.cancel()


@case("threads", "clean")
async def ready_queues() -> None:
    simple: queue.SimpleQueue[int] = queue.SimpleQueue()
    simple.put(1)
    simple.get()
    values: queue.PriorityQueue[int] = queue.PriorityQueue()
    values.put(1)
    values.get(timeout=1)
    lifo: queue.LifoQueue[int] = queue.LifoQueue()
    lifo.put(1)
    lifo.get(True, 5)
    lifo.task_done()
    lifo.join()


@case("threads", "clean")
async def condition_notified() -> None:
    condition = threading.Condition()
    with condition:
        condition.notify_all()
    with condition:
        condition.wait_for(lambda: True)


@case("threads", "clean")
async def semaphores_without_waiting() -> None:
    semaphore = threading.BoundedSemaphore(2)
    with semaphore, semaphore:
        semaphore.acquire(blocking=False)
    threading.Barrier(1).wait()


@case("threads", "clean")
async def thread_local_and_friends() -> None:
    local = threading.local()
    local.value = 1
    threading.current_thread().name, threading.enumerate(), threading.active_count(), threading.get_ident()


@case("threads", "clean")
async def queue_listener() -> None:
    values: queue.Queue[object] = queue.Queue()
    listener = logging.handlers.QueueListener(values, logging.StreamHandler(io.StringIO()))
    await asyncio.to_thread(listener.start)
    logger = logging.Logger("queued")
    logger.addHandler(logging.handlers.QueueHandler(values))
    for number in range(50):
        logger.warning("hello %s", number)
        await asyncio.sleep(0)
    await asyncio.to_thread(listener.stop)


@case("threads", "stall", "time.sleep", LONG)
async def stall_beside_burners() -> None:
    stop = []

    def burn() -> None:
        while not stop:
            pass

    threading.Thread(target=burn, daemon=True).start()
    await asyncio.sleep(0.02)
    time.sleep(LONG)  # <-
    stop.append(1)


@case("threads", "stall", "threading.Thread.join", LONG)
async def join_with_a_timeout() -> None:
    thread = later(lambda: None, 0.3)
    thread.join(timeout=LONG)  # <-


@case("threads", "stall", "", LONG)
async def lock_held_by_a_worker() -> None:
    lock, held = threading.Lock(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        with lock:
            loop.call_soon_threadsafe(held.set)
            time.sleep(LONG)

    task = asyncio.create_task(asyncio.to_thread(work))
    await held.wait()
    with lock:  # <-
        pass
    await task


@case("threads", "stall", "", LONG)
async def timed_lock() -> None:
    lock = threading.RLock()
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        with lock:
            loop.call_soon_threadsafe(held.set)
            time.sleep(2 * LONG)

    task = asyncio.create_task(asyncio.to_thread(work))
    await held.wait()
    lock.acquire(timeout=LONG)  # <-
    await task


# -- other loops


@case("loops", "stall", "time.sleep", LONG)
async def loop_in_a_thread_stalls() -> None:
    async def run() -> None:
        await asyncio.sleep(0.01)
        time.sleep(LONG)  # <-

    await asyncio.to_thread(asyncio.run, run())


@case("loops", "cpu")
async def loop_in_a_thread_computes() -> None:
    async def run() -> None:
        await asyncio.sleep(0.01)
        end = time.thread_time() + 0.09
        while time.thread_time() < end:  # <-
            pass  # <-

    await asyncio.to_thread(asyncio.run, run())


@case("loops", "stall", "time.sleep", LONG)
async def two_loops_stall_together() -> None:
    async def run() -> None:
        await asyncio.sleep(0.005)
        time.sleep(LONG)  # <-

    task = asyncio.create_task(asyncio.to_thread(asyncio.run, run()))
    await asyncio.sleep(0.02)
    time.sleep(LONG)  # <-
    await task


@case("loops", "clean")
async def two_loops_at_work() -> None:
    async def run() -> None:
        for _ in range(50):
            sum(range(10_000))
            await asyncio.sleep(0.001)

    await asyncio.gather(*(asyncio.to_thread(asyncio.run, run()) for _ in range(3)), run())


@case("loops", "clean")
async def runner_in_a_thread() -> None:
    async def run() -> None:
        await asyncio.sleep(LONG)

    def work() -> None:
        with asyncio.Runner() as runner:
            runner.run(run())
            time.sleep(LONG)
            runner.run(run())

    await asyncio.to_thread(work)


@case("loops", "cpu")
async def in_debug_mode() -> None:
    asyncio.get_running_loop().set_debug(True)
    asyncio.get_running_loop().slow_callback_duration = 0.01
    await asyncio.sleep(0)
    sum(range(6_000_000))  # <-


@case("loops", "clean")
async def busy_in_debug_mode() -> None:
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.001
    for _ in range(50):
        sum(range(100_000))
        await asyncio.create_task(asyncio.sleep(0.001))


@case("loops", "stall", "time.sleep", LONG)
async def under_a_trace_function() -> None:
    before = sys.gettrace()
    sys.settrace(lambda *_: None)
    await asyncio.sleep(0)
    time.sleep(LONG)  # <-
    sys.settrace(before)


@case("loops", "stall", "time.sleep", LONG)
async def eager_tasks() -> None:
    async def run() -> None:
        time.sleep(LONG)  # <-

    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory", None))
    async with asyncio.TaskGroup() as group:
        group.create_task(run(), name="eager")
    loop.set_task_factory(None)


# -- how long, and how many


@case("sums", "stall", "time.sleep", 0.055)
async def just_long_enough() -> None:
    time.sleep(0.055)  # <-


@case("sums", "cpu")
async def just_long_enough_cpu() -> None:
    end = time.thread_time() + 0.057
    while time.thread_time() < end:  # <-
        pass  # <-


@case("sums", "cpu")
async def many_short_computations_in_one_step() -> None:
    def work() -> None:
        end = time.thread_time() + 0.004
        while time.thread_time() < end:  # <-
            pass  # <-

    for _ in range(20):
        work()


@case("sums", "stall", "time.sleep", 0.5)
async def half_a_second() -> None:
    time.sleep(0.5)  # <-


@case("sums", "cpu")
async def half_a_second_cpu() -> None:
    sum(range(20_000_000))  # <-


@case("sums", "cpu")
async def last_statement() -> None:
    x, y = 7, 1_200_000
    await asyncio.sleep(0)
    x**y  # <-


@case("sums", "cpu")
async def after_an_await_in_one_line() -> None:
    await asyncio.sleep(0)
    value = 7**900_000 > 3  # <-


@case("sums", "cpu")
async def returned() -> None:
    async def power() -> int:
        await asyncio.sleep(0)
        base = 7
        return base**1_200_000  # <-

    await power()


@case("sums", "clean")
async def forty_milliseconds() -> None:
    for _ in range(4):
        end = time.perf_counter() + 0.03
        while time.perf_counter() < end:
            pass
        await asyncio.sleep(0.005)


@case("sums", "clean")
async def a_crowd_of_short_steps() -> None:
    async def work() -> None:
        for _ in range(3):
            end = time.perf_counter() + 0.002
            while time.perf_counter() < end:
                pass
            await asyncio.sleep(0)

    await asyncio.gather(*(work() for _ in range(60)))


# -- processes, harmless and not


@case("processes", "clean")
async def asyncio_subprocess_pipes() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(input())", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    await process.communicate(b"hello\n")


@case("processes", "clean")
async def many_subprocesses() -> None:
    async def run() -> None:
        process = await asyncio.create_subprocess_shell("exit 0", stdout=subprocess.DEVNULL)
        await process.wait()

    await asyncio.gather(*(run() for _ in range(8)))


@case("processes", "clean")
async def killed_subprocess() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "10")
    process.terminate()
    await process.wait()


@case("processes", "clean")
async def wait_for_an_ended_process() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["true"])
    await asyncio.to_thread(process.wait)
    process.wait(), process.poll(), process.returncode


@case("processes", "clean")
async def join_of_an_ended_process() -> None:
    process = _FORK.Process(target=int)
    await asyncio.to_thread(process.start)
    await asyncio.to_thread(process.join)
    process.join(), process.exitcode, process.is_alive()


@case("processes", "stall", "", LONG)
async def wait_in_a_helper() -> None:
    class Job:
        def __init__(self) -> None:
            self.process = subprocess.Popen(["sleep", str(LONG)])

        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            self.process.wait()  # <-

    with Job():
        pass


@case("processes", "stall", "", LONG)
async def popen_context_manager() -> None:
    with subprocess.Popen(["sleep", str(LONG)]):  # <-
        pass


@case("processes", "stall")
async def reading_a_pipe_of_popen() -> None:
    process = subprocess.Popen(["sh", "-c", f"sleep {LONG}; echo x"], stdout=subprocess.PIPE)
    process.stdout.readline()  # <-
    await asyncio.to_thread(process.wait)


@case("processes", "stall", "", LONG)
async def multiprocessing_event() -> None:
    event = _FORK.Event()
    event.wait(LONG)  # <-


@case("processes", "stall", "", LONG)
async def multiprocessing_connection_wait() -> None:
    reading, writing = multiprocessing.Pipe()
    multiprocessing.connection.wait([reading], LONG)  # <-


@case("processes", "stall", "os.waitid", LONG)
async def os_waitid() -> None:
    process = subprocess.Popen(["sleep", str(LONG)])
    os.waitid(os.P_PID, process.pid, os.WEXITED)  # <-


@case("processes", "stall")
async def os_spawn() -> None:
    os.spawnlp(os.P_WAIT, "sleep", "sleep", str(LONG))  # <-


# -- harmless, though it comes close


@case("harmless", "clean")
async def source_of_a_function() -> None:
    linecache.clearcache()
    inspect.getsource(case)


@case("harmless", "clean")
async def traceback_of_a_task() -> None:
    linecache.clearcache()

    async def fail() -> None:
        raise ValueError("no")

    (error,) = await asyncio.gather(fail(), return_exceptions=True)
    "".join(traceback.format_exception(error))
    asyncio.current_task().print_stack(file=io.StringIO())


@case("harmless", "clean")
async def print_to_standard_output() -> None:
    print("hello")
    print("hello", flush=True)
    sys.stdout.write("hello\n")
    sys.stdout.writelines(["a\n", "b\n"])
    sys.stdout.flush()
    sys.stderr.flush()


@case("harmless", "clean")
async def log_configuration() -> None:
    logging.basicConfig(force=True)
    logging.getLogger("corpus.info").info("hello")
    logging.warning("root")


@case("harmless", "clean")
async def warnings_of_all_kinds() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=2)
        warnings.warn("resource", ResourceWarning, stacklevel=1)


@case("harmless", "clean")
async def spooled_in_memory() -> None:
    with tempfile.SpooledTemporaryFile(max_size=10_000, mode="w+") as file:
        file.write("x\n" * 10)
        file.seek(0)
        file.readlines()


@case("harmless", "clean")
async def compression_in_memory() -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
        file.write(b"x" * 100)
    gzip.decompress(buffer.getvalue()), bz2.compress(b"x"), zlib.compress(b"x")
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        archive.writestr("a", "b")


@case("harmless", "clean")
async def small_collections() -> None:
    for _ in range(20):
        values = [{"a": number} for number in range(200)]
        del values
        gc.collect(0)
        await asyncio.sleep(0)


@case("harmless", "clean")
async def unix_sockets() -> None:
    path = str(FOLDER / "unix.sock")

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(handle, path):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"hello\n")
        await reader.read()
        writer.close()


@case("harmless", "clean")
async def pipes_of_the_loop() -> None:
    reading, writing = os.pipe()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", 0)
    )
    await asyncio.to_thread(os.write, writing, b"hello\n")
    await reader.readline()
    transport.close()
    os.close(writing)


@case("harmless", "clean")
async def sock_accept_and_connect() -> None:
    loop = asyncio.get_running_loop()
    with socket.socket() as listening, socket.socket() as client:
        listening.setblocking(False)
        client.setblocking(False)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        accepting = asyncio.create_task(loop.sock_accept(listening))
        await loop.sock_connect(client, listening.getsockname())
        peer, _ = await accepting
        peer.setblocking(False)
        await loop.sock_sendall(client, b"x" * 1_000_000 if False else b"x")
        await loop.sock_recv_into(peer, bytearray(1))
        peer.close()


@case("harmless", "clean")
async def big_transfer() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for _ in range(20):
        writer.write(bytes(65_536))
        await reader.readexactly(65_536)
    writer.close()
    server.close()


@case("harmless", "clean")
async def non_blocking_accept() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            listening.accept()


@case("harmless", "clean")
async def non_blocking_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as client:
        client.setblocking(False)
        client.connect_ex(listening.getsockname())
        await asyncio.sleep(0.01)


@case("harmless", "clean")
async def timeouts_and_retries() -> None:
    for _ in range(5):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.015)


@case("harmless", "clean")
async def tls_context() -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).set_ciphers("DEFAULT")


@case("harmless", "clean")
async def descriptors_that_do_not_block() -> None:
    left, right = socket.socketpair()
    left.setblocking(False)
    os.write(left.fileno(), b"x")
    os.set_blocking(right.fileno(), False)
    right.setblocking(False)
    os.read(right.fileno(), 1)
    left.close(), right.close()


@case("harmless", "clean")
async def polls_of_zero() -> None:
    left, right = socket.socketpair()
    with left, right:
        select.select([left], [right], [], 0.0)
        select.select([left], [], [], 0)
        poller = select.poll()
        poller.register(left)
        poller.poll(0)
        selector = selectors.SelectSelector()
        selector.register(left, selectors.EVENT_READ)
        selector.select(timeout=0)
        selectors.PollSelector().select(0)
        multiprocessing.connection.wait([left], 0)


@case("harmless", "clean")
async def futures_that_are_done() -> None:
    future: concurrent.futures.Future[int] = concurrent.futures.Future()
    future.set_result(1)
    future.result(), future.result(timeout=5), future.done(), future.exception()
    concurrent.futures.wait([future], timeout=1)


@case("harmless", "clean")
async def sleeping_zero() -> None:
    for _ in range(100):
        time.sleep(0)
        time.sleep(0.0)
        await asyncio.sleep(0)


@case("harmless", "clean")
async def blocking_before_and_after() -> None:
    """What is in the corpus's own `main` is before the loop; a thread's join after it is not on the loop."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(0.2)")
    await process.wait()


@case("harmless", "clean")
async def environment_and_paths() -> None:
    os.environ["CORPUS"] = "1"
    os.getcwd(), os.path.abspath("x"), os.path.normpath("a/../b"), os.fspath(TEXT), os.getpid(), os.cpu_count()
    TEXT.with_suffix(".x"), TEXT.parts, TEXT.as_posix(), TEXT / "x", TEXT.is_absolute()
    os.urandom(16), os.get_terminal_size if False else None, os.strerror(2), os.umask(os.umask(0o022))
