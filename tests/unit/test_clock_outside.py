"""Work outside the loop is waited for in real time, and no time-out strikes that the real clock would not have given.

The time-outs that must not strike are hours long: a clock that jumps over outside work strikes them at once, and a busy
machine never does. Those that must strike wait for something that is released only after they have.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from redloop import DeadlockError, VirtualLoop
from redloop.blocking import detect

if TYPE_CHECKING:
    from collections.abc import Coroutine

HOURS = 10_000.0
REAL_SLEEP = time.sleep


def run(main: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_thread_is_waited_for_and_costs_no_loop_time() -> None:
    async def main() -> tuple[str, float]:
        async with asyncio.timeout(HOURS):
            return await asyncio.to_thread(lambda: REAL_SLEEP(0.05) or "done"), now()

    assert run(main()) == ("done", 0.0)


def test_a_thread_that_outlasts_the_timeout_is_given_up_at_the_timeout() -> None:
    release = threading.Event()

    async def main() -> float:
        try:
            async with asyncio.timeout(0.1):
                await asyncio.to_thread(release.wait)
        except TimeoutError:
            return now()
        finally:
            release.set()
        return -1

    assert run(main()) == 0.1


def test_waits_for_one_thread_are_not_charged_to_a_later_timer() -> None:
    loop = VirtualLoop()
    with contextlib.closing(loop):
        older = loop.call_at(10, lambda: None)
        loop.waited(0.8)
        newer = loop.call_at(1, lambda: None)
        assert loop.real_seconds_left(newer.when()) == 1.0
        assert loop.real_seconds_left(older.when()) == 9.2
        loop.jump(newer.when())
        assert loop.time() == 1.0
        assert loop.real_seconds_left(older.when()) == pytest.approx(8.2)
        loop.jump(older.when())
        assert loop.real_seconds_left(loop.call_at(11, lambda: None).when()) == 1.0


@pytest.mark.parametrize("pool", [concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor])
def test_executors(pool: type[concurrent.futures.Executor]) -> None:
    async def main(executor: concurrent.futures.Executor) -> tuple[int, int, float]:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(HOURS):
            first = await loop.run_in_executor(executor, abs, -1)
            second = await asyncio.wrap_future(executor.submit(abs, -2))
        before = now()
        await asyncio.sleep(HOURS)  # an idle executor is no outside work: this takes no real time
        return first, second, now() - before

    with pool(1) as executor:
        assert run(main(executor)) == (1, 2, HOURS)


def test_an_idle_executor_is_none_under_the_detector_either() -> None:
    async def main() -> float:
        await asyncio.to_thread(abs, -1)
        await asyncio.sleep(HOURS)
        return now()

    with detect():  # it stands round the call in which a worker waits for its next job
        assert run(main()) == HOURS


def test_looking_at_threads_keeps_none_of_their_variables_alive() -> None:
    # On 3.12, collecting the buffer that multiprocessing was just sending crashes Python (CPython issue 111049).
    found: list[weakref.ref[Any]] = []

    def work() -> None:
        own = set[int]()
        found.append(weakref.ref(own))
        REAL_SLEEP(0.05)

    gc.disable()
    try:
        run(asyncio.to_thread(work))
        assert [one() for one in found] == [None]
    finally:
        gc.enable()


def test_a_raw_thread() -> None:
    async def main() -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def work() -> None:
            REAL_SLEEP(0.05)
            loop.call_soon_threadsafe(future.set_result, "done")

        thread = threading.Thread(target=work)
        thread.start()
        async with asyncio.timeout(HOURS):
            result = await future
        thread.join()
        return result, now()

    assert run(main()) == ("done", 0.0)


def test_a_thread_older_than_the_loop_counts_once_it_has_called() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()

        def call_back(future: asyncio.Future[None]) -> None:
            REAL_SLEEP(0.02)
            loop.call_soon_threadsafe(future.set_result, None)

        first = loop.create_future()
        worker.submit(call_back, first).result()  # blocks the loop: nobody can know of the thread before it has called
        await first
        for _ in range(3):
            future = loop.create_future()
            worker.submit(call_back, future)
            async with asyncio.timeout(HOURS):
                await future
        return loop.time()

    with concurrent.futures.ThreadPoolExecutor(1) as worker:
        worker.submit(abs, 0).result()
        assert run(main()) == 0.0


def test_a_silent_thread_is_named_after_a_second() -> None:
    release = threading.Event()

    def poll() -> None:
        release.wait()

    async def main() -> None:
        threading.Thread(target=poll, name="the poller").start()
        await asyncio.get_running_loop().create_future()

    try:
        with pytest.raises(DeadlockError, match="but the thread 'the poller', silent for 1 s") as caught:
            run(main())
    finally:
        release.set()
    told = str(caught.value)
    assert "But for the thread 'the poller' nobody is left that calls its set_result()" in told
    assert re.search(r"\n  the thread 'the poller' is at .*\.poll: release\.wait\(\)$", told)


def test_a_silent_thread_that_has_no_line_of_the_suites_is_at_none_of_ours() -> None:
    release = threading.Event()

    async def main() -> None:
        threading.Thread(target=release.wait, name="the waiter").start()
        await asyncio.get_running_loop().create_future()

    try:
        with detect(), pytest.raises(DeadlockError) as caught:
            run(main())
    finally:
        release.set()
    assert re.search(r"the thread 'the waiter' is at \S*threading\.py:\d+ in ", str(caught.value))


@pytest.mark.timeout(60, method="thread")  # the other one has an alarm of its own
def test_an_alarm_is_waited_for() -> None:
    async def main() -> float:
        loop, rings = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGALRM, rings.set)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        async with asyncio.timeout(HOURS):
            await rings.wait()
        loop.remove_signal_handler(signal.SIGALRM)
        return loop.time()

    assert run(main()) < HOURS


def test_the_alarm_of_a_time_out_is_none() -> None:
    def handler(*_: object) -> None:
        pytest.fail("as pytest-timeout's")

    handler.__module__ = "pytest_timeout"

    async def main() -> float:
        await asyncio.sleep(HOURS)
        return asyncio.get_running_loop().time()

    before, timer = signal.signal(signal.SIGALRM, handler), signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        assert run(main()) == HOURS
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)


def test_a_thread_that_ends_without_a_word_is_a_deadlock() -> None:
    async def main() -> None:
        threading.Thread(target=REAL_SLEEP, args=(0.02,)).start()
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadlockError, match="no thread, no process"):
        run(main())


def test_a_subprocess() -> None:
    async def main() -> tuple[int | None, bytes, float]:
        async with asyncio.timeout(HOURS):
            quiet = await asyncio.create_subprocess_exec("sleep", "0.05")
            await quiet.wait()
            code = "import sys, time; time.sleep(0.05); print(sys.stdin.read())"
            chatty = await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            out, _ = await chatty.communicate(b"hello")
        return quiet.returncode, out, now()

    assert run(main()) == (0, b"hello\n", 0.0)


def test_a_subprocess_that_outlasts_the_timeout() -> None:
    async def main() -> float:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
        try:
            async with asyncio.timeout(0.1):
                await process.wait()
        except TimeoutError:
            return now()
        finally:
            process.kill()
            await process.wait()
        return -1

    assert run(main()) == 0.1


SLOW_SERVER = """
import socket, time
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    client, _ = server.accept()
    with client:
        client.recv(100)
        time.sleep(0.1)
        client.sendall(b"late")
"""


def test_a_slow_peer_in_another_process() -> None:
    async def main(port: int) -> tuple[bytes, float]:
        async with asyncio.timeout(HOURS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"hello")
            answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer, now()

    with subprocess.Popen([sys.executable, "-c", SLOW_SERVER], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert run(main(int(server.stdout.readline()))) == (b"late", 0.0)


def test_a_peer_in_another_process_that_connects_to_us() -> None:
    code = "import socket, sys, time; time.sleep(0.1); socket.create_connection(('127.0.0.1', int(sys.argv[1])))"

    async def main() -> float:
        connected = asyncio.Event()

        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connected.set()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            port = str(server.sockets[0].getsockname()[1])
            child = subprocess.Popen([sys.executable, "-c", code, port])  # noqa: ASYNC220 - not asyncio's, on purpose
            try:
                async with asyncio.timeout(HOURS):
                    await connected.wait()
            finally:
                child.wait()
        return now()

    assert run(main()) == 0.0


def test_a_peer_in_a_thread_older_than_the_loop() -> None:
    async def main(port: int) -> tuple[bytes, float]:
        async with asyncio.timeout(HOURS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer, now()

    def serve(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            REAL_SLEEP(0.05)
            client.sendall(b"late")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        assert run(main(server.getsockname()[1])) == (b"late", 0.0)
        thread.join()


async def sleepy_echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1000):
        await asyncio.sleep(2)
        writer.write(data)
    writer.close()
    await writer.wait_closed()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, times: int = 3) -> float:
    before = now()
    async with asyncio.timeout(HOURS):
        for _ in range(times):
            writer.write(b"hello")
            assert await reader.read(1000) == b"hello"
    writer.close()
    await writer.wait_closed()
    return now() - before


def test_both_ends_on_this_loop() -> None:
    async def main() -> float:
        async with await asyncio.start_server(sleepy_echo, "127.0.0.1", 0) as server:
            return await ask(*await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1]))

    assert run(main()) == 6.0


def test_both_ends_on_this_loop_over_a_unix_socket(tmp_path: Any) -> None:
    async def main() -> float:
        path = str(tmp_path / "s")
        async with await asyncio.start_unix_server(sleepy_echo, path):
            return await ask(*await asyncio.open_unix_connection(path))

    assert run(main()) == 6.0


def test_a_waiting_server_does_not_hold_time_up() -> None:
    async def main() -> float:
        async with await asyncio.start_server(sleepy_echo, "127.0.0.1", 0):
            await asyncio.sleep(HOURS)  # would take hours, were it real
        return now()

    assert run(main()) == HOURS


def test_a_process_older_than_the_loop_does_not_hold_time_up() -> None:
    """One that multiprocessing keeps, say: it cannot know an address that nobody listens on yet."""

    async def main() -> float:
        async with await asyncio.start_server(sleepy_echo, "127.0.0.1", 0):
            await asyncio.sleep(HOURS)
        return now()

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as older:
        assert run(main()) == HOURS
        older.kill()


def test_aiohttp_on_loopback() -> None:
    aiohttp = pytest.importorskip("aiohttp")
    web = pytest.importorskip("aiohttp.web")

    async def main() -> tuple[str, float]:
        async def handler(_: Any) -> Any:
            await asyncio.sleep(2)
            return web.Response(text="hello")

        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with aiohttp.ClientSession() as session:
            before = now()
            async with session.get(url) as response:
                text = await response.text()
            elapsed = now() - before
        await runner.cleanup()
        return text, elapsed

    assert run(main()) == ("hello", 2.0)


def test_a_pipe_from_elsewhere() -> None:
    async def main() -> tuple[bytes, float]:
        code = "import time; time.sleep(0.05); print('hello')"
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)  # noqa: ASYNC220 - on purpose
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), child.stdout
        )
        async with asyncio.timeout(HOURS):
            answer = await reader.read()
        transport.close()
        child.wait()
        return answer, now()

    assert run(main()) == (b"hello\n", 0.0)


def test_a_pipe_with_both_ends_on_this_loop() -> None:
    async def main() -> tuple[bytes, float]:
        loop = asyncio.get_running_loop()
        ends = os.pipe()
        reader = asyncio.StreamReader()
        source, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ends[0], "rb"))
        sink, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(ends[1], "wb"))
        loop.call_later(HOURS, sink.write, b"hello\n")
        answer = await reader.readline()
        sink.close()
        source.close()
        return answer, now()

    assert run(main()) == (b"hello\n", HOURS)


def test_polling_for_a_thread_is_no_livelock_and_its_timeout_strikes() -> None:
    release = threading.Event()

    async def main() -> float:
        job = asyncio.ensure_future(asyncio.to_thread(release.wait))
        try:
            async with asyncio.timeout(0.2):
                while not job.done():  # noqa: ASYNC110 - that is the point
                    await asyncio.sleep(0)
        except TimeoutError:
            return now()
        finally:
            release.set()
            await job
        return -1

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(max_turns=1000)) as runner:
        assert runner.run(main()) == 0.2
