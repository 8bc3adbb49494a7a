"""Processes that asyncio did not start are waited for, too; those that serve a pool, or multiprocessing, are not.

The time-outs are hours long, and whoever polls looks ten times until then: a clock that jumps strikes them at once.
"""

# ruff: noqa: ASYNC110, ASYNC222 - polling is what this is about, and children that are not asyncio's

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from redloop import VirtualLoop
from redloop.clock import children
from redloop.clock.children import Children

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

HOURS = 10_000.0
has_loadavg = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc/loadavg")
CONTEXTS = ["fork", "spawn", "forkserver"]


def run(main: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@contextlib.contextmanager
def python(code: str, *args: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", code, *args], stdin=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()


@pytest.fixture
def waiting_child() -> Iterator[subprocess.Popen[bytes]]:
    with python("input()") as child:
        yield child


def test_a_child_that_is_polled_for() -> None:
    async def main() -> int | None:
        with python("import time; time.sleep(0.05)") as child:
            async with asyncio.timeout(HOURS):
                while child.poll() is None:
                    await asyncio.sleep(HOURS / 10)
            return child.returncode

    assert run(main()) == 0


@pytest.mark.parametrize("method", CONTEXTS)
def test_a_process_of_multiprocessing_that_is_polled_for(method: str) -> None:
    async def main() -> int | None:
        child: Any = multiprocessing.get_context(method).Process(target=abs, args=(-1,))  # type: ignore[attr-defined]
        child.start()
        async with asyncio.timeout(HOURS):
            while child.is_alive():
                await asyncio.sleep(HOURS / 10)
        child.join()
        await asyncio.sleep(HOURS)  # the fork server and the resource tracker live on, and are no outside work
        return child.exitcode

    assert run(main()) == 0


def test_a_server_that_is_not_up_yet() -> None:
    code = (
        "import socket, sys, time; time.sleep(0.05);"
        "socket.create_server(('127.0.0.1', int(sys.argv[1]))).accept()[0].sendall(b'up')"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    async def main() -> float:
        with python(code, str(port)):
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    break
                await asyncio.sleep(0.01)
            assert await reader.read() == b"up"
            writer.close()
            return asyncio.get_running_loop().time()

    started = time.perf_counter()
    assert run(main()) < time.perf_counter() - started  # as long as it lives the clock is not ahead of the real one


def test_a_signal_that_a_child_sends_with_its_last_breath() -> None:
    async def main() -> None:
        with python(f"import os; os.kill({os.getpid()}, {signal.SIGUSR1:d})"):
            heard = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, heard.set)
            async with asyncio.timeout(HOURS):
                await heard.wait()

    run(main())


def test_ctrl_c_from_a_child_is_no_deadlock() -> None:
    async def main() -> None:
        with python(f"import os; os.kill({os.getpid()}, {signal.SIGINT:d}); input()"):
            await asyncio.get_running_loop().create_future()

    with pytest.raises(KeyboardInterrupt):
        run(main())


def test_a_child_of_asyncios_is_named_once() -> None:
    async def main(loop: VirtualLoop) -> list[tuple[int, list[str]]]:
        found = []
        for _ in "ab":
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
            named = [work.what for work in loop.outside_work() if work.what.startswith(("the process", "a file"))]
            found.append((child.pid, named))
            await child.communicate(b"\n")
        return found

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        for pid, named in runner.run(main(cast("VirtualLoop", runner.get_loop()))):
            assert named == [f"the process {pid}"]


def test_a_child_that_outlasts_the_timeout() -> None:
    async def main() -> float:
        with python("input()") as child:
            try:
                async with asyncio.timeout(0.1):
                    while child.poll() is None:
                        await asyncio.sleep(0.06)
            except TimeoutError:
                return asyncio.get_running_loop().time()
        return -1

    assert run(main()) == 0.1


@pytest.mark.parametrize("method", CONTEXTS)
def test_the_workers_of_an_executor_are_none(method: str) -> None:
    known = Children()
    context: Any = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        assert executor.submit(abs, -1).result() == 1
        assert known.at_work() == set()


@pytest.mark.parametrize("method", CONTEXTS)
def test_the_workers_of_a_pool_are_none(method: str) -> None:
    known = Children()
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(abs, (-1,)) == 1
        assert known.at_work() == set()


def test_those_that_are_older_or_have_ended_are_none(waiting_child: subprocess.Popen[bytes]) -> None:
    known = Children()
    with python("input()") as younger:
        assert known.at_work() == {younger.pid}
        assert {waiting_child.pid, younger.pid} <= Children()._older
        younger.kill()
        os.waitid(os.P_PID, younger.pid, os.WEXITED | os.WNOWAIT)
        assert known.at_work() == set()


@pytest.mark.usefixtures("waiting_child")
def test_where_no_child_is_at_work_they_are_not_listed_until_a_process_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """To list them takes longer than all else that a jump of the clock does."""
    listed = []
    monkeypatch.setattr(children, "_listed", lambda listing=children._listed: listed.append(1) or listing())
    known = Children()
    listed.clear()
    assert [known.at_work() for _ in range(100)] == [set()] * 100
    assert len(listed) < 100  # elsewhere processes may start, too
    with python("input()") as younger:
        assert known.at_work() == {younger.pid}
        assert known.at_work() == {younger.pid}
        younger.kill()


@has_loadavg
@pytest.mark.parametrize("instead", [b"", b"0.00 0.00 0.00 1/2", b"something else altogether"])
def test_the_file_that_tells_the_newest_process_is_closed_by_the_program(instead: bytes, tmp_path: Path) -> None:
    newest = children._Newest()
    there = newest.read()
    fd = newest._fd
    if not instead:
        os.close(fd)
    else:
        (tmp_path / "file").write_bytes(instead)
        other = os.open(tmp_path / "file", os.O_RDONLY)
        os.dup2(other, fd)
        os.close(other)
    assert newest.read().isdigit() == there.isdigit() == children._is_the_kernels()
    if newest._fd != fd:
        os.close(newest._fd)
    with contextlib.suppress(OSError):
        os.close(fd)


def test_a_kernel_that_keeps_no_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_HAS_LISTS", False)
    known = Children()
    with python("input()") as child:
        assert known.at_work() == {child.pid}


def test_a_system_that_lists_no_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(children, "_HAS_LISTS", False)
    monkeypatch.setattr(children, "_TASKS", str(tmp_path / "missing"))
    monkeypatch.setattr(children, "_helpers", lambda: iter(helpers))
    helpers: list[int] = []
    known = Children()
    known._older.clear()  # those that multiprocessing has kept from an earlier test
    with python("input()"):
        assert known.at_work() == {children.UNLISTED}
        assert Children().at_work() == set()
        helpers.append(-1)
        assert known.at_work() == set()


def test_a_forked_child_really_sleeps() -> None:
    async def main() -> float:
        child: Any = multiprocessing.get_context("fork").Process(target=measured_nap)
        child.start()
        child.join()
        return child.exitcode / 100

    assert run(main()) >= 0.2


def measured_nap() -> None:
    started = time.monotonic()
    time.sleep(0.2)
    sys.exit(min(255, int(100 * (time.monotonic() - started))))


def test_a_forked_child_may_unwind_the_loop_that_it_was_forked_in() -> None:
    async def main() -> None:
        if (child := os.fork()) == 0:
            raise SystemExit
        assert os.waitpid(child, 0)[1] == 0

    parent = os.getpid()
    try:
        run(main())
    except BaseException as error:
        if os.getpid() == parent:
            raise
        os._exit(0 if isinstance(error, SystemExit) else 1)


@has_loadavg
@pytest.mark.parametrize("says", [b"0.00 0.00 0.00 0/0 0\n", b"nothing of use\n", b""])
def test_a_system_that_does_not_say_which_process_is_its_newest(
    says: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "loadavg").write_bytes(says)
    monkeypatch.setattr(children, "_LOADAVG", os.fsencode(tmp_path / "loadavg"))
    monkeypatch.setattr(children, "_is_the_kernels", lambda: True)
    newest = children._Newest()
    files = len(os.listdir("/proc/self/fd"))
    assert [newest.read() for _ in range(10)] == [b""] * 10
    assert len(os.listdir("/proc/self/fd")) <= files + 1
    monkeypatch.setattr(children, "_is_the_kernels", lambda: False)
    assert children._Newest().read() == b""
    if newest._fd >= 0:
        os.close(newest._fd)
