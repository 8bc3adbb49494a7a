"""The rule that tells a stall from a busy machine, on looks written by hand."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from redloop.blocking import detect
from redloop.blocking.stalls import watching as stalls
from redloop.blocking.stalls.alarms import INTERVAL
from redloop.blocking.stalls.measuring import Look, Measure, Waited, gap, measure
from redloop.blocking.stalls.probe import Clocks
from redloop.blocking.stalls.sampler import Sampler

THRESHOLD = 0.05


def look(when: float, *, cpu: float = 0.0, delay: float = 0.0, switches: int = 1, late: float = 0.0, **more) -> Look:
    """A look at `when`, in seconds, by a sampler that woke `late`; the loop's clocks since the start."""
    own = Clocks(0.0, more.pop("own_delay", 0.0), more.pop("own_switches", 1))
    return Look(
        due=when - late,
        woke=when,
        done=when,
        loop=Clocks(cpu, delay, switches),
        sampler=own,
        process_cpu=more.pop("process_cpu", cpu),
        **more,
    )


def test_a_sleeping_step() -> None:
    looks = [look(n * INTERVAL, sleeps_in="hrtimer_nanosleep", own_switches=n) for n in range(1, 21)]
    assert measure(look(0.0, own_switches=0), looks, look(0.105, own_switches=21)).is_stall(THRESHOLD)


def test_a_computing_step() -> None:
    looks = [look(n * INTERVAL, cpu=n * INTERVAL, switches=n, own_switches=n) for n in range(1, 21)]
    measured = measure(look(0.0, own_switches=0), looks, look(0.105, cpu=0.105, switches=21, own_switches=21))
    assert measured.is_stall(THRESHOLD)
    assert abs(measured.held - 0.1) < 2 * INTERVAL


def test_c_code_that_keeps_the_interpreter_lock_lets_the_sampler_in_once() -> None:
    late = look(0.1, cpu=0.1, late=0.09, own_switches=20, turn=0.001)
    assert measure(look(0.0, own_switches=0), [late], look(0.105, cpu=0.1, own_switches=21)).is_stall(THRESHOLD)


def asleep(until: float, **more) -> list[Look]:
    """Looks at a sleeping step that began at 0.0, every few milliseconds."""
    times = (n * INTERVAL for n in range(1, int(until / INTERVAL) + 1))
    return [look(when, sleeps_in="hrtimer_nanosleep", own_switches=round(when / INTERVAL), **more) for when in times]


def test_a_step_alone_in_its_turn_is_measured_to_the_end() -> None:
    looks = asleep(0.0499, turn=0.0001, first=True, last=True)
    for waiting_since, is_stall in ((0.0502, True), (0.0498, False)):
        after = look(0.052, switches=2, own_switches=11, waiting_since=waiting_since)
        measured = measure(look(0.0001, own_switches=0), looks, after)
        assert abs(measured.held - (waiting_since - 0.0001)) < 1e-6
        assert measured.is_stall(THRESHOLD) is is_stall


def test_what_runs_around_a_step_in_its_turn_is_not_its_own() -> None:
    looks = asleep(0.0499, turn=0.0001)
    after = look(0.055, switches=2, own_switches=11, waiting_since=0.0549)
    assert measure(look(0.0001, own_switches=0), looks, after).held < THRESHOLD


def test_the_wait_for_a_processor_at_its_end_is_not_a_steps_own() -> None:
    looks = asleep(0.0499, turn=0.0001, first=True, last=True)
    after = look(0.057, switches=2, delay=0.008, own_switches=11, waiting_since=0.0569)
    assert not measure(look(0.0001, own_switches=0), looks, after).is_stall(THRESHOLD)


def test_the_process_was_stopped_between_the_last_look_at_a_step_and_its_end() -> None:
    looks = asleep(0.0149, turn=0.0001, first=True, last=True)
    after = look(0.315, late=0.3, switches=2, own_switches=4, waiting_since=0.3149)
    assert not measure(look(0.0001, own_switches=0), looks, after).is_stall(THRESHOLD)


def test_the_process_was_stopped_during_a_look_at_a_sleeping_step() -> None:
    looks = asleep(0.0149, turn=0.0001, first=True, last=True)
    looks[-1] = looks[-1]._replace(done=0.31)
    after = look(0.315, switches=2, own_switches=4, waiting_since=0.3149)
    assert not measure(look(0.0001, own_switches=0), looks, after).is_stall(THRESHOLD)


def test_the_processors_time_of_a_step_alone_in_its_turn_is_proof() -> None:
    times = [n * INTERVAL for n in range(1, 11)]
    looks = [look(when, cpu=when, switches=1, own_switches=1, turn=0.0001, first=True, last=True) for when in times]
    after = look(0.054, cpu=0.0503, delay=0.003, switches=3, own_switches=11, waiting_since=0.0535)
    assert measure(look(0.0001, cpu=0.0, own_switches=0), looks, after).is_stall(THRESHOLD)


def test_a_step_that_waited_for_a_processor() -> None:
    looks = [look(n * INTERVAL, delay=n * INTERVAL, switches=n, own_switches=n) for n in range(1, 21)]
    after = look(0.105, delay=0.1, switches=21, own_switches=21)
    measured = measure(look(0.0, own_switches=0), looks, after)
    assert not measured.is_stall(THRESHOLD)
    assert not measured.may_be_stall(THRESHOLD)


def test_a_step_whose_beginning_a_starved_sampler_did_not_see() -> None:
    late = look(0.2, cpu=0.001, late=0.19, own_delay=0.19, own_switches=2)
    measured = measure(look(0.0, own_switches=0), [late], look(0.205, cpu=0.002, own_switches=3))
    assert not measured.is_stall(THRESHOLD)
    assert measured.may_be_stall(THRESHOLD)


def test_a_step_that_waited_for_the_lock_that_other_threads_burn() -> None:
    looks = [
        look(n * INTERVAL, switches=n, own_switches=n, sleeps_in="futex_wait_queue", process_cpu=n * INTERVAL)
        for n in range(1, 21)
    ]
    after = look(0.105, switches=21, own_switches=21, process_cpu=0.105)
    assert not measure(look(0.0, own_switches=0), looks, after).is_stall(THRESHOLD)


def test_a_sampler_that_waited_for_a_processor_blames_nobody() -> None:
    late = look(0.2, cpu=0.001, late=0.19, own_delay=0.19, own_switches=2)
    assert not measure(look(0.0, own_switches=0), [late], look(0.205, cpu=0.002, own_switches=3)).is_stall(THRESHOLD)


def test_a_sampler_that_lost_every_race_for_the_lock_is_starved() -> None:
    assert gap(look(0.5, late=0.4, own_switches=500), look(0.0)).starved


def test_a_process_that_is_stopped_while_its_loop_polls() -> None:
    """The sampler lost the race for the lock again and again before it was stopped with all others."""
    first = look(0.43, cpu=0.13, late=0.42, own_switches=219, turn=0.14, first=True, last=True)
    after = look(0.44, cpu=0.13, own_switches=219, waiting_since=0.438)
    measured = measure(look(0.0, own_switches=0), [first], after)
    assert not measured.is_stall(THRESHOLD)
    assert measured.may_be_stall(THRESHOLD)


def test_a_stopped_process_is_frozen() -> None:
    found = gap(look(0.5, late=0.4, own_switches=3), look(0.0, own_switches=1))
    assert found.frozen > 0.3
    assert not found.held


@pytest.mark.parametrize(("idle", "seconds"), [(True, 0.052), (False, 0.044)])
def test_before_a_loops_first_step_its_thread_has_computed_nothing(*, idle: bool, seconds: float) -> None:
    def here(when: float, **more) -> Look:
        count = round(when / INTERVAL)
        return look(when, cpu=max(0.0, when - 0.008), switches=count + 1, own_switches=count, **more)

    looks = [here(0.010 + n * INTERVAL, turn=0.008, first=True, last=True) for n in range(10)]
    after = here(0.060, waiting_since=0.0599)
    held = measure(here(0.0, idle=idle), looks, after).held
    assert abs(held - seconds) < 0.002


def test_waiting_for_the_first_timer_is_not_taken_for_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop is first looked at while it waits, so nobody notes when that turn begins."""
    computed, known = 0.0, []

    def compute() -> None:
        nonlocal computed
        began = time.thread_time()
        while (computed := time.thread_time() - began) < 0.1:
            pass

    def measured(before: Look, looks: list[Look], after: Look) -> Measure:
        found = measure(before, looks, after)
        if found.is_stall(THRESHOLD):
            known.append(before.idle)
        return found

    async def main() -> None:
        asyncio.get_running_loop().call_later(0.1, compute)
        await asyncio.sleep(0.2)

    monkeypatch.setattr(stalls, "measure", measured)
    with detect() as calls:
        asyncio.run(main())
    (call,) = calls
    assert known == [True]
    assert 0.8 * computed < call.seconds < computed + 0.05  # and the wait was 0.1


def test_where_the_kernel_tells_nothing_only_a_processor_or_standing_still_proves() -> None:
    def here(when: float, cpu: float, place: int) -> Look:
        return look(when, cpu=cpu, switches=0, own_switches=0, at=(place, 0))

    moving = [here(n * INTERVAL, 0.0, n) for n in range(1, 21)]
    still = [here(n * INTERVAL, 0.0, 1) for n in range(1, 21)]
    computing = [here(n * INTERVAL, n * INTERVAL, n) for n in range(1, 21)]
    before, after = here(0.0, 0.0, 0), here(0.105, 0.0, 0)
    assert not measure(before, moving, after).is_stall(THRESHOLD)
    assert measure(before, still, after).is_stall(THRESHOLD)
    assert measure(before, computing, after).is_stall(THRESHOLD)


@pytest.mark.parametrize(("delay", "waited"), [(0.089, 0.009), (0.004, 0.004)])
def test_sleep_that_the_kernel_counts_as_waiting_for_a_processor_is_none(delay: float, waited: float) -> None:
    """Seen on Linux 6.18: of a sleep of 30 ms, over after 46 ms, 44 ms were said to be waiting."""
    loop = Waited()
    before = look(0.0)
    assert loop.until(before.woke, before.loop) == 0.0
    for one in asleep(0.081, cpu=0.001):  # it computes for a millisecond first
        loop.looked(before, one)
        before = one
    assert abs(loop.until(0.09, Clocks(0.002, delay, 2)) - waited) < 1e-9


def test_what_is_accounted_for_in_doubt_proves_nothing() -> None:
    rest = Measure(0.06, 0.07, 0.08).less(0.01, doubt=0.02)
    assert tuple(round(value, 9) for value in (rest.low, rest.held, rest.high)) == (0.03, 0.05, 0.07)
    assert not rest.is_stall(THRESHOLD)
    assert rest.may_be_stall(THRESHOLD)


@pytest.mark.parametrize(("delay", "before"), [(7.0, 7.0 - 0.008), (0.001, 0.0)])
def test_what_a_thread_waited_for_a_processor_before_its_loop_was_looked_at_may_all_be_the_loops(
    delay: float, before: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file was not open when the loop started, and how much there was by then nobody knows."""
    now = time.perf_counter()

    class Lately:
        thread = threading.get_ident()

        def schedstat_if_open(self) -> bytes:
            return b""

        def cpu(self) -> float:
            return 1.0

        def clocks(self) -> Clocks:
            return Clocks(1.002, delay, 100)

    monkeypatch.setattr(stalls, "probe_here", Lately)
    loop = asyncio.new_event_loop()
    watched = stalls.WatchedLoop(loop, Sampler(), judge=lambda _: None, shortest=lambda: THRESHOLD)
    watched._glanced = now, *watched._glanced[1:]
    watched._look_closer(now + 0.010)
    assert abs(watched._previous.loop.delay - before) < 1e-9
    watched.close()
    loop.close()
