"""The rule that tells a stall from a busy machine, on looks written by hand."""

from __future__ import annotations

from redloop.blocking.alarms import INTERVAL
from redloop.blocking.measuring import Look, gap, measure
from redloop.blocking.probe import Clocks

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


def test_a_stopped_process_is_frozen() -> None:
    found = gap(look(0.5, late=0.4, own_switches=3), look(0.0, own_switches=1))
    assert found.frozen > 0.3
    assert not found.held


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
