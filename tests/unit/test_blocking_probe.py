"""What the kernel says of a thread, read by two threads at once."""

import subprocess
import sys
import threading
import time

import pytest

from redloop.blocking.stalls import probe as probing
from redloop.blocking.stalls.probe import KernelFile, Probe, probe_here

# Interleaved reads of one shared buffer give a mixture of both files, within a few hundred rounds.
ROUNDS = 20_000


@pytest.fixture
def hurried_threads():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hurried_threads")
def test_two_threads_read_two_files_without_mixing_them(tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    short.write_text("1 2 3")
    long.write_text("1234567890 " * 9)
    mixed = []

    def read(path):
        file, expected = KernelFile(str(path)), path.read_bytes()
        for _ in range(ROUNDS):
            if (seen := file.read()) != expected:
                mixed.append(seen)
                return

    threads = [threading.Thread(target=read, args=(path,)) for path in (short, long)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mixed == []


def test_a_look_gives_no_other_thread_the_interpreter_lock() -> None:
    """Else the frames that it has found would have moved on before it says where they are."""
    turns, done, switch_interval = 0, False, sys.getswitchinterval()
    probes = []  # to close a file gives the lock away

    def take_it_whenever_it_is_given() -> None:
        nonlocal turns
        while not done:
            turns += 1
            time.sleep(0)

    thread = threading.Thread(target=take_it_whenever_it_is_given)
    sys.setswitchinterval(60)  # so nobody is made to give it
    try:
        thread.start()
        for _ in range(50):
            time.sleep(0.0001)
            before = turns
            probes.append(Probe())
            probes[-1].sleeps_in()
            assert turns == before
    finally:
        done = True
        sys.setswitchinterval(switch_interval)
        thread.join()
    assert turns


def test_the_file_of_a_thread_is_opened_when_its_clocks_are_wanted():
    """But for the main thread's, whose clocks have run for long when its loop starts."""
    probes = []

    def look():
        probe = probe_here()
        was_open = probe.is_open
        assert probe.cpu() > 0
        probe.clocks()
        probes.append((was_open, probe.is_open, probe is probe_here()))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    assert probes == [(False, True, True), (True, True, True)]


def test_a_system_that_tells_the_time_of_a_process_only(monkeypatch):
    """macOS has no `time.pthread_getcpuclockid`; one that has no `thread_info` either tells the process's."""
    monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)
    before = time.process_time()
    assert before <= probing.cpu_clock(threading.get_ident())() <= time.process_time()


def test_the_time_of_a_thread_as_macos_tells_it(monkeypatch):
    class System:
        def pthread_mach_thread_np(self, thread):
            return 7 if thread.value == threading.get_ident() else 0

        def thread_info(self, port, kind, info, size):
            assert (port, kind, len(info), size._obj.value) == (7, 3, 10, 10)
            info[:4] = 2, 500_000, 1, 250_000
            return 0 if self.lives else 4

        lives = True

    monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)
    monkeypatch.setattr(probing, "_libc", System())
    clock = probing.cpu_clock(threading.get_ident())
    assert clock() == 3.75
    System.lives = False
    with pytest.raises(OSError, match="there is no thread"):
        clock()


def test_without_clocks_of_threads_and_without_timers_stalls_are_found():
    script = """
import select, selectors, time
del time.pthread_getcpuclockid, select.epoll, selectors.EpollSelector
selectors.DefaultSelector = selectors.PollSelector

import asyncio
from redloop import detect

async def main():
    await asyncio.sleep(0.1)
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass
    await asyncio.sleep(0.1)
    time.sleep(0.01)

with detect(calls="off") as stalls:
    asyncio.run(main())
with detect() as calls:
    asyncio.run(main())
print([stall.lineno in (11, 12) for stall in stalls], [call.call for call in calls])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[True] ['', 'time.sleep']"


def test_the_program_may_have_closed_the_files():
    script = """
import os
from redloop.blocking.stalls.probe import KernelFile
file = KernelFile("/dev/null")
os.closerange(3, 100)
del file
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
