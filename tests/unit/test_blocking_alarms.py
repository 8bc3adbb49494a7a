"""Waking the sampler: when an alarm was not put off in time, and not before."""

from __future__ import annotations

import asyncio
import hashlib
import os
import queue
import select
import sys
import threading
import time

import pytest

from redloop.blocking import detect
from redloop.blocking.stalls import sampler as sampling
from redloop.blocking.stalls import selecting
from redloop.blocking.stalls import watching as stalls
from redloop.blocking.stalls.alarms import IDLE_INTERVAL, INTERVAL, Polling, Timers

with_timers = pytest.mark.skipif(not hasattr(select, "epoll"), reason="this system has no such timers")
KINDS = [pytest.param(Timers, marks=with_timers), Polling]


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_off_once_the_time_is_over(kind) -> None:
    waiting = kind()
    alarm = waiting.new()
    began = time.perf_counter()
    alarm.set()
    waiting.wait()
    assert time.perf_counter() - began >= INTERVAL
    alarm.close()


@with_timers
def test_put_off_it_goes_off_when_it_was_last_set_to() -> None:
    """Whoever is kept from running between the two settings sees the first one go off: it does not count any more."""
    waiting = Timers()
    alarm = waiting.new()
    for _ in range(20):
        alarm.set()
        time.sleep(0.9 * INTERVAL)
        again = time.perf_counter()
        alarm.set()
        waiting.wait()
        assert time.perf_counter() - again >= INTERVAL
    alarm.close()


@with_timers
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_timer_that_is_used_again_goes_off(is_closed) -> None:
    """Also where the program has closed all its files meanwhile, and ours among them."""
    waiting = Timers()
    first = waiting.new()
    first.set()
    fd = first._fd
    first.close()
    if is_closed:
        os.close(fd)
    alarm = waiting.new()
    began = time.perf_counter()
    alarm.set()
    waiting.wait()
    assert time.perf_counter() - began >= INTERVAL
    assert is_closed or alarm._fd == fd
    alarm.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_wakes_up_while_there_is_no_alarm(kind) -> None:
    waiting, woken = kind(), threading.Event()
    waiting.new().close()

    def wait() -> None:
        waiting.wait()
        woken.set()

    threading.Thread(target=wait, daemon=True).start()
    assert not woken.wait(4 * INTERVAL)
    waiting.new().set()
    assert woken.wait(10)


@with_timers
def test_a_file_that_somebody_closed_is_no_error() -> None:
    alarm = Timers().new()
    os.close(alarm._fd)
    alarm.set()
    alarm.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_turn_puts_the_next_look_off(kind, monkeypatch) -> None:
    monkeypatch.setattr(sampling, "new_alarms", kind)
    sampler = sampling.Sampler()

    async def main() -> None:
        watched = stalls.WatchedLoop(asyncio.get_running_loop(), sampler, judge=pytest.fail, shortest=lambda: 0.05)
        watched._due = 0.0
        watched.sample(sampler.clocks)
        monkeypatch.setattr(stalls, "INTERVAL", 60.0)  # so that it is not over when we look, however busy it is
        first = watched._previous
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        turned = watched._previous
        watched.sample(sampler.clocks)
        assert first is not turned, "the turn was not noticed"
        assert watched._previous is turned, "it was not time to look, and it was looked"
        watched.close()

    asyncio.run(main())


@pytest.mark.parametrize(("blocks", "seldom"), [("time.sleep", True), ("hashlib.pbkdf2_hmac", False)])
def test_a_call_that_is_timed_by_itself_is_looked_at_less_often(blocks, seldom, monkeypatch) -> None:
    """A thread that wakes up takes the processor from whoever the call waits for: janus tests its queues so."""
    put_off: list[bool] = []
    soon, later = stalls.WatchedLoop._look_again, stalls.WatchedLoop._look_again_idle

    def noting(original, *, is_put_off):
        def again(watched, now) -> None:
            if threading.current_thread() is not threading.main_thread() and watched._step is not None:
                put_off.append(is_put_off)
            original(watched, now)

        return again

    monkeypatch.setattr(stalls.WatchedLoop, "_look_again", noting(soon, is_put_off=False))
    monkeypatch.setattr(stalls.WatchedLoop, "_look_again_idle", noting(later, is_put_off=True))

    async def main() -> None:
        if blocks == "time.sleep":
            time.sleep(0.2)
        else:
            hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1_000_000)

    with detect() as calls:
        asyncio.run(main())
    assert calls[0].seconds >= 0.05
    assert put_off[0] is False
    assert any(put_off) is seldom


def test_a_step_is_looked_at_ever_more_seldom(monkeypatch) -> None:
    """Every 5 ms that would be 300 looks; what it computes is told all the same."""
    waits: list[float] = []
    later = stalls.WatchedLoop._look_again_in

    def again(watched, seconds, now) -> None:
        waits.append(seconds)
        later(watched, seconds, now)

    monkeypatch.setattr(stalls.WatchedLoop, "_look_again_in", again)

    async def main() -> None:
        until = time.thread_time() + 1.5  # of its own: on a busy machine, some of its time is the machine's
        while time.thread_time() < until:
            pass

    with detect() as calls:
        asyncio.run(main())
    assert [call.seconds > 1 for call in calls] == [True]
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[0]


class OwnClock(asyncio.SelectorEventLoop):
    def time(self) -> float:
        return super().time() + 1000.0


@pytest.mark.parametrize(("kind", "wait"), [(asyncio.SelectorEventLoop, IDLE_INTERVAL), (OwnClock, INTERVAL)])
def test_the_first_alarm_goes_off_when_a_look_is_due_and_not_before(kind, wait, monkeypatch) -> None:
    """It goes off once: whoever finds then that it is too early does not come again.

    A loop that tells when its turn began can wait for longer than one with a clock of its own.
    """
    sampler = sampling.Sampler()

    async def main() -> None:
        loop, looked, looked_twice = asyncio.get_running_loop(), [], asyncio.Event()

        def look(_: object) -> None:
            looked.append(time.perf_counter())
            if len(looked) == 2:  # the thread looks when it starts, too
                loop.call_soon_threadsafe(looked_twice.set)

        monkeypatch.setattr(sampler, "_look", look)
        began = time.perf_counter()
        watched = stalls.WatchedLoop(loop, sampler, judge=pytest.fail, shortest=lambda: 60.0)
        sampler.add(watched)
        await looked_twice.wait()
        assert began + wait <= watched._due <= looked[1]
        sampler.remove(threading.get_ident())

    with asyncio.Runner(loop_factory=kind) as runner:
        runner.run(main())
    sampler._leave()


def test_a_loop_that_has_no_step_in_two_looks_is_idle_until_it_turns(monkeypatch) -> None:
    monkeypatch.setattr(stalls, "INTERVAL", 0.0)
    monkeypatch.setattr(stalls, "IDLE_INTERVAL", float("inf"))
    monkeypatch.setattr(selecting, "SELDOM", 0.0)  # the next turn may come at once
    sampler = sampling.Sampler()
    looped: list[stalls.WatchedLoop] = []
    dues: list[float] = []

    async def main() -> None:
        watched = stalls.WatchedLoop(asyncio.get_running_loop(), sampler, judge=pytest.fail, shortest=lambda: 60.0)
        looped.append(watched)
        watched._due = 0.0
        watched.sample(sampler.clocks)
        await asyncio.sleep(0)  # the first turn that it notices
        await asyncio.to_thread(look_until_idle)
        assert watched._due < float("inf"), "the turn was not noticed"
        watched.close()

    def look_until_idle() -> None:
        [watched] = looped
        deadline = time.monotonic() + 10
        while not dues or dues[-1] < float("inf"):
            assert time.monotonic() < deadline, "it never becomes idle"
            watched.sample(sampler.clocks)
            dues.append(watched._due)

    asyncio.run(main())


def test_of_a_new_loop_on_a_thread_of_its_own_it_is_only_seen_that_it_is_idle() -> None:
    """Most such threads are over in a moment, and one that `/proc` has served takes longer to end."""
    sampler, started = sampling.Sampler(), queue.Queue()

    async def main() -> None:
        watched = stalls.WatchedLoop(asyncio.get_running_loop(), sampler, judge=pytest.fail, shortest=lambda: 60.0)
        over = asyncio.Event()
        started.put((asyncio.get_running_loop(), watched, over))
        await over.wait()
        watched.close()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    loop, watched, over = started.get()

    def is_looked_at_closely() -> bool:
        watched._due = 0.0
        watched.sample(sampler.clocks)
        return "select" in vars(loop._selector)

    while sys._current_frames()[thread.ident].f_code.co_name != "select":
        time.sleep(0.001)
    before = watched._glanced
    watched._began = time.perf_counter() + 60.0  # so that it is new, however busy the machine is
    assert not is_looked_at_closely()
    assert watched._glanced is not before
    assert not watched._probe.is_open
    watched._began -= 120.0
    assert is_looked_at_closely()
    loop.call_soon_threadsafe(over.set)
    thread.join()
