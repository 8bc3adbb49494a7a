"""How long did one step hold the loop? Wall time, less what the machine and the sampler itself took from it.

A late sampler proves nothing: a loop that polls drops and retakes the interpreter lock so fast that the sampler is
kept out for seconds on an idle machine, and a busy machine adds run delay. So each wait of the sampler is taken apart
(`Gap`), and a step's length is an estimate between two bounds (`Measure`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from redloop.blocking.stalls.alarms import INTERVAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.blocking.stalls.probe import Clocks

_LATE = 0.010  # seconds: what no look is late by on an idle machine
_SURELY = 0.8  # of the threshold must be proven
_A_FEW = 2  # looks: one or two may have missed what the thread slept in


class Look(NamedTuple):  # a tuple, since each loop makes one every few milliseconds
    """One sample. All times are `time.perf_counter()` seconds.

    It was meant to be taken at `due`, was begun at `woke`, and was done at `done`. `turn` is when the loop's current
    turn began, `next_turn` when the first turn since the previous look did, and `waiting_since` when the loop began to
    wait for events; all 0.0 where unknown. `first` and `last` say whether the step is that in its turn, `idle` that
    the loop waited for events, or had not begun. `noting` is how long we have kept the loop's thread so far.
    """

    due: float
    woke: float
    done: float
    loop: Clocks
    sampler: Clocks
    process_cpu: float
    turn: float = 0.0
    next_turn: float = 0.0
    sleeps_in: str = ""
    at: tuple[int, int] = (0, 0)  # innermost frame and instruction
    noting: float = 0.0
    first: bool = False
    last: bool = False
    waiting_since: float = 0.0
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the sampler looked later than it meant to, in seconds.

    `held`: somebody had the interpreter lock. `frozen`: nobody ran at all (SIGSTOP, a paused machine). `starved`: it
    was signalled and lost the race for the lock again and again, so no single holder is to blame.
    """

    held: float = 0.0
    frozen: float = 0.0
    starved: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """For how long a step held the loop, in seconds: what is proven, the estimate, and what cannot be excluded.

    What other threads and processes took from it is in none but the last.
    """

    low: float
    held: float
    high: float

    def less(self, seconds: float, doubt: float = 0.0) -> Measure:
        """What remains when `seconds` of it are accounted for, or `doubt` more."""
        low, held, high = self.low - seconds - doubt, self.held - seconds - doubt / 2, self.high - seconds
        return Measure(max(0.0, low), max(0.0, held), max(0.0, high))

    def is_stall(self, threshold: float) -> bool:
        """Whether this step surely held the loop for `threshold` seconds."""
        return self.held >= threshold and self.low >= _SURELY * threshold

    def may_be_stall(self, threshold: float) -> bool:
        """Whether nobody can say that it did not."""
        return self.high >= threshold


def gap(look: Look, previous: Look) -> Gap:
    """Take apart how late the sampler was.

    Whoever waits for the interpreter lock polls it each switch interval, and each poll is a switch of the thread: the
    number of switches tells how much of the lateness was waiting for the lock.
    """
    switch = sys.getswitchinterval()
    late = max(0.0, look.woke - look.due)
    delay = max(0.0, look.sampler.delay - previous.sampler.delay)
    polls = max(1, look.sampler.switches - previous.sampler.switches)
    rest = max(0.0, late - delay)
    frozen = rest - polls * switch * 1.15
    if frozen > _LATE and look.sampler.switches:
        return Gap(frozen=max(frozen, rest - max(0, polls - 2) * switch))
    if rest < 0.8 * switch:
        return Gap()
    if polls > 3 + 1.6 * rest / switch:
        return Gap(starved=True)
    return Gap(held=max(0.0, late - 2 * delay / (polls + 1)))


class Waited:
    """For how long a thread waited for a processor.

    A kernel that leaves who falls asleep in its queue for a while (Linux from 6.12 on) may count that sleep as waiting,
    too. So no wait is longer than the time in which the thread neither computed nor was seen to sleep.
    """

    def __init__(self) -> None:
        self._slept = self._seconds = 0.0
        self._last: tuple[float, Clocks, float] | None = None

    def looked(self, before: Look, look: Look) -> None:
        """Take note of what two looks prove: who sleeps, and was not switched in, has only computed until then."""
        if look.sleeps_in and look.loop.switches == before.loop.switches:
            self._slept += look.woke - before.woke - (look.loop.cpu - before.loop.cpu)

    def until(self, now: float, clocks: Clocks) -> float:
        """The seconds since this was first asked, by what the thread's clocks say now."""
        if self._last is not None:
            then, before, slept = self._last
            most = now - then - (clocks.cpu - before.cpu) - (self._slept - slept)
            self._seconds += max(0.0, min(clocks.delay - before.delay, most))
        self._last = now, clocks, self._slept
        return self._seconds


def measure(before: Look, looks: Sequence[Look], after: Look) -> Measure:
    """Measure the step that `looks` were taken in, between one look before it began and one after it ended."""
    first, last = looks[0], looks[-1]
    began, earliest, lead = _beginning(before, first)
    ended, latest = _end(last, after)
    wall_low, wall_high = ended - began, latest - earliest

    in_lead, in_tail, tail = first.woke - began, ended - last.woke, gap(after, last)
    frozen = min(lead.frozen, in_lead) + min(tail.frozen, in_tail)
    frozen += sum(gap(later, earlier).frozen for earlier, later in pairwise(looks))
    frozen_at_edges = max(0.0, lead.frozen - in_lead) + max(0.0, tail.frozen - in_tail)
    looking = sum(map(_took, looks[:-1])) + min(_took(last), in_tail)
    starved = _unproven(before, first, began) if lead.starved else 0.0

    # The loop thread's clocks from the beginning on; from before the first look where the lock was held until then.
    origin, elsewhere = (before, max(0.0, first.woke - before.woke - in_lead)) if in_lead > INTERVAL else (first, 0.0)
    cpu = max(last.loop.cpu - first.loop.cpu, last.loop.cpu - origin.loop.cpu - elsewhere)
    cpu_high = after.loop.cpu - before.loop.cpu
    computed = (cpu + cpu_high) / 2
    if began == earliest and ended == latest:  # the rest of the time it waited for events, or nearly
        cpu = max(cpu, cpu_high - max(0.0, began - before.woke))
        computed = cpu_high if before.idle else cpu
    delay_low = max(0.0, last.loop.delay - origin.loop.delay)
    delay_high = max(0.0, after.loop.delay - origin.loop.delay)

    if last.loop.switches:
        low = max(
            0.0,
            wall_low - delay_high - frozen - starved - looking,
            cpu,
            min(_asleep(looks) - frozen, wall_low - frozen),
        )
    else:
        low = cpu + _still(looks)
    high = max(low, wall_high - delay_low - frozen - frozen_at_edges)
    delay = delay_high if ended == latest else delay_low  # what came after the last look is the step's, or is not
    estimate = (wall_low + wall_high) / 2 - delay - frozen - starved - frozen_at_edges / 2 - looking
    held = min(high, max(low, estimate))
    uncontended = max(cpu, held - _contended(before, looks, after))
    if _computes(looks):  # then its own clock tells more than the wall's: a busy host takes time without a trace
        uncontended = max(cpu, min(uncontended, computed))
    return Measure(min(low, uncontended), uncontended, high)


def _beginning(before: Look, first: Look) -> tuple[float, float, Gap]:
    """When the step began: the best guess, the earliest possible, and the wait of the sampler that ended in it."""
    lead = gap(first, before)
    earliest, held = before.woke, lead.held
    if lead.starved:  # then the loop's thread gave the lock away within the last switch interval
        earliest = max(earliest, first.woke - 2 * sys.getswitchinterval())
    if first.first and first.turn:
        return first.turn, first.turn, lead
    if first.turn:
        earliest, held = max(earliest, first.turn), min(held, first.woke - first.turn)
    began = first.woke - held
    return began, min(earliest, began), lead


def _unproven(before: Look, first: Look, began: float) -> float:
    """Seconds before the first look in which the thread neither computed for sure nor waited for a processor.

    Whoever holds the lock while it sleeps starves nobody: where the sampler was starved, they may be a pause.
    """
    computed = max(0.0, first.loop.cpu - before.loop.cpu - max(0.0, began - before.woke))
    return max(0.0, first.woke - began - computed - (first.loop.delay - before.loop.delay))


def _end(last: Look, after: Look) -> tuple[float, float]:
    """When the step ended, at the earliest and at the latest."""
    latest = max(last.woke, min(after.woke, after.next_turn)) if after.next_turn else after.woke
    if last.last and last.woke <= after.waiting_since <= latest:
        return after.waiting_since, after.waiting_since
    return last.woke, latest


def _took(look: Look) -> float:
    """For how long a look kept the loop's thread from the interpreter lock. Who sleeps wants none."""
    taken = look.done - look.woke
    sleeps = look.sleeps_in and "futex" not in look.sleeps_in
    return 0.0 if sleeps and taken < _LATE else taken


def _computes(looks: Sequence[Look]) -> bool:
    """Whether the loop's thread was never seen asleep, but for the interpreter lock."""
    states = {look.sleeps_in for look in looks if "futex" not in look.sleeps_in}
    return len(looks) > _A_FEW and looks[-1].loop.switches > 0 and states <= {""} and _asleep(looks) <= 2 * INTERVAL


def _asleep(looks: Sequence[Look]) -> float:
    """Seconds for which the loop's thread provably slept in one place: no switch between two looks."""
    total, longest, since = 0.0, 0.0, looks[0]
    for look in looks[1:]:
        if look.sleeps_in and look.loop.switches == since.loop.switches:
            longest = look.woke - since.woke
        else:
            total, longest, since = total + longest, 0.0, look
    return total + longest


def _still(looks: Sequence[Look]) -> float:
    """Where the kernel tells nothing: seconds at the same instruction, off the processor, with the sampler on time."""
    total = 0.0
    for earlier, later in pairwise(looks):
        wall, cpu = later.woke - earlier.woke, later.loop.cpu - earlier.loop.cpu
        if later.at == earlier.at and cpu < 0.3 * wall:
            total += max(0.0, wall - cpu - max(0.0, later.woke - later.due))
    return total


def _contended(before: Look, looks: Sequence[Look], after: Look) -> float:
    """Seconds for which the loop's thread waited for the interpreter lock, which other threads were burning."""
    switch, total, previous = sys.getswitchinterval(), 0.0, before
    for look in (*looks, after):
        if look is looks[0] and look.woke - look.due <= _LATE:
            previous = look
            continue
        wall, cpu = look.woke - previous.woke, look.loop.cpu - previous.loop.cpu
        polls = look.loop.switches - previous.loop.switches
        slept = wall - cpu - (look.loop.delay - previous.loop.delay)
        others = look.process_cpu - previous.process_cpu - cpu
        states = (look.sleeps_in, previous.sleeps_in)
        for_a_lock = any("futex" in state for state in states) or look.woke - look.due > _LATE
        elsewhere = any(state and "futex" not in state for state in states)
        if for_a_lock and slept > 0.6 * switch and polls >= max(1, 0.5 * slept / switch) and others >= 0.05 * slept:
            total += slept
        elif slept > 0.2 * switch and polls >= 1 and not elsewhere:
            # The lock was handed to the sampler, which then had to wait for a processor: that is our doing.
            handed = max(0.0, look.sampler.delay - previous.sampler.delay) + previous.done - previous.woke
            total += min(slept, handed)
        previous = look
    return total
