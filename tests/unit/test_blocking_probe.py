"""What the kernel says of a thread, read by two threads at once."""

import sys
import threading
import time

import pytest

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
