"""A fork is what it is without the detector: no thread of ours is there, and a warning names the line that forked."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
import warnings
from _thread import allocate_lock
from pathlib import Path

import pytest

from redloop.blocking import detect
from redloop.blocking.engine import ENGINE
from redloop.blocking.stalls import sampler as sampling
from redloop.blocking.stalls.alarms import Timers, new_alarms
from redloop.blocking.stalls.looking import LookingThread
from redloop.blocking.stalls.probe import Clocks

pytestmark = [
    pytest.mark.usefixtures("nobody_else"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # a worker of xdist has threads
]
KINDS = ["Timers", "Polling"] if isinstance(new_alarms(), Timers) else ["Polling"]


def fork() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0) == (child, 0)


def run(script: str, *args: str) -> list[str]:
    """Run it in a process that has no other threads, and return the lines that it prints."""
    path = [str(Path(sampling.__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    done = subprocess.run(
        [sys.executable, "-c", script, *args], capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


MANY_FORKS = """
import asyncio, os, sys, threading, time, warnings
import redloop
from redloop.blocking.stalls import alarms, sampler

sampler.new_alarms = getattr(alarms, sys.argv[1])
warnings.simplefilter("always")

def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)

def before():
    burn(0.1)

def after():
    burn(0.1)

def around():
    burn(0.05)
    fork()
    burn(0.05)

def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass

async def main():
    for step in [before, *[fork] * 50, after, around]:
        step()
        await asyncio.sleep(0.02 if step is not fork else 0)
    assert threading.enumerate() == [threading.main_thread()]

with warnings.catch_warnings(record=True) as caught, redloop.detect() as calls:
    asyncio.run(main())
    fork()
    print(len(caught), *[one.message for one in caught[:1]])
lines = "\\n".join("\\n".join(call.stack) for call in calls if call.kind == "stall")
print(*[name for name in ("before", "after", "around") if f"in {name}" in lines])
"""


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_forks_warn_of_nothing_and_hide_no_stall(kind) -> None:
    assert run(MANY_FORKS, kind) == ["0", "before after around"]


THREADED = """
import asyncio, contextlib, multiprocessing, os, pty, sys, threading, warnings
import redloop

threading.Thread(target=threading.Event().wait, daemon=True).start()

def show(message, category, filename, lineno, file=None, line=None):
    print(category.__name__, filename, lineno, str(message).partition("is multi-threaded")[2])

def fork(call):
    pid = call()
    if not (pid[0] if isinstance(pid, tuple) else pid):
        os._exit(0)
    os.wait()

def all_of_them():
    for _ in range(2):
        fork(os.fork)
    fork(lambda: os.fork())
    fork(lambda: os.forkpty())
    fork(pty.fork)
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()
    try:
        os.fork(1)
    except TypeError as error:
        print(error)

async def main():
    for action in ("always", "error", "default", "once"):
        for module in ("", "__main__", "multiprocessing", "redloop"):
            print(action, module)
            warnings.resetwarnings()
            warnings.simplefilter("ignore" if module else action)
            warnings.filterwarnings(action, module=module)
            all_of_them()
    print(*sorted(str(key) for key in globals().get("__warningregistry__", ())), sep="\\n")

warnings.showwarning = show
with redloop.detect() if sys.argv[1] == "watched" else contextlib.nullcontext():
    asyncio.run(main())
    all_of_them()
"""


def test_a_warning_that_is_deserved_is_the_one_that_there_is_without_us() -> None:
    """It named our file and line, for which nobody has a filter."""

    def said(how: str) -> list[str]:
        return [line.partition("(pid=")[0] + line.partition(") is multi")[2] for line in run(THREADED, how)]

    watched = said("watched")
    assert watched == said("alone")
    assert sys.version_info < (3, 12) or any("DeprecationWarning <string>" in line for line in watched)


def a_thread(look=lambda _: None) -> LookingThread:
    thread = LookingThread(new_alarms(), look, pytest.fail, Clocks(0.0, 7.0, 40))
    thread.start()
    while thread.clocks() is None:
        time.sleep(0.001)
    return thread


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system does not list the threads")
def test_an_ended_thread_is_gone_for_the_kernel_too() -> None:
    for _ in range(100):
        thread = a_thread()
        thread.end()
        assert thread.is_over
        assert not Path(f"/proc/self/task/{thread._native}").exists()


def test_the_clocks_of_a_new_thread_go_on_where_the_old_ones_stood() -> None:
    thread = a_thread()
    clocks = thread.clocks()
    thread.end()
    assert clocks is not None
    assert clocks.delay >= 7.0
    assert clocks.switches >= 40


def test_a_thread_that_waits_for_whoever_forks_is_not_waited_for() -> None:
    lock, looking = allocate_lock(), threading.Event()
    lock.acquire()

    def look(_: Clocks) -> None:
        looking.set()
        with lock:
            pass

    thread = LookingThread(new_alarms(), look, pytest.fail, Clocks(0.0))
    thread.start()
    looking.wait()
    thread.end()
    assert thread.is_over
    lock.release()


def test_a_thread_that_cannot_be_told_stays() -> None:
    class Closed:
        def new(self) -> None:
            raise OSError

        def wait(self) -> None:
            over.wait()

    over = threading.Event()
    thread = LookingThread(Closed(), lambda _: None, pytest.fail, Clocks(0.0))
    thread.start()
    thread.end()
    assert not thread.is_over
    thread.is_over = True
    over.set()


def test_whatever_of_ours_is_held_a_fork_does_not_wait_for_it_for_good() -> None:
    """A finalizer may run, and fork, wherever one of our locks is held."""

    async def main() -> None:
        watched = ENGINE._sampler.watched(threading.get_ident())
        assert watched is not None
        await asyncio.sleep(0.02)
        for lock in (watched._lock, ENGINE._lock, ENGINE._sampler._starting):
            with lock:
                fork()
            assert ENGINE._sampler._thread is not None or lock is ENGINE._sampler._starting
        fork()
        assert ENGINE._sampler._thread is not None

    with detect():
        asyncio.run(main())


def test_forks_in_finalizers_anywhere() -> None:
    class Forks:
        def __del__(self) -> None:
            fork()

    async def main() -> None:
        for _ in range(20):
            circle = Forks()
            circle.me = circle  # type: ignore[attr-defined]
            del circle
            await asyncio.sleep(0)

    before = gc.get_threshold()
    gc.set_threshold(30)
    try:
        with detect():
            asyncio.run(main())
    finally:
        gc.set_threshold(*before)
    gc.collect()


def test_without_a_loop_no_thread_is_started_again() -> None:
    with detect():
        asyncio.run(asyncio.sleep(0))
        fork()
        assert ENGINE._sampler._thread is None
        asyncio.run(asyncio.sleep(0))
        assert ENGINE._sampler._thread is not None


def test_forks_of_other_threads_leave_it_where_it_is() -> None:
    async def main() -> None:
        thread = ENGINE._sampler._thread
        await asyncio.to_thread(fork)
        assert ENGINE._sampler._thread is thread

    with detect():
        asyncio.run(main())


def test_the_suites_warnings_are_not_touched() -> None:
    """To catch the warning and issue it again would be for all threads."""

    async def main() -> None:
        filters = warnings.filters
        fork()
        assert warnings.filters is filters

    with detect():
        asyncio.run(main())
