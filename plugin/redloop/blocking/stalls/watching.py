"""Stalls: from looks at a loop's thread to steps that held the loop for too long."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from redloop.blocking.garbage import no_collection_here
from redloop.blocking.lines.places import is_watched, trace
from redloop.blocking.mutex import Mutex
from redloop.blocking.stalls.alarms import IDLE_INTERVAL, INTERVAL
from redloop.blocking.stalls.measuring import Look, Measure, Waited, measure
from redloop.blocking.stalls.probe import Clocks, parsed, probe_here
from redloop.blocking.stalls.turns import is_idle, tells_when_it_turned, turns_of
from redloop.blocking.victims import task_name, victims
from redloop.real_time import perf_counter
from redloop.threads import current_frames, on_a_processor

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from redloop.blocking.lines.hindsight import Trace
    from redloop.blocking.stalls.sampler import Sampler
    from redloop.blocking.stalls.turns import Turns


@dataclass(slots=True)
class Seen:
    """For how many seconds a stack was seen in a step, and from when to when; `at` is the loop time at first."""

    seconds: float
    first: float
    last: float
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Stall:
    """A step that may have held the loop for too long: how long, from when to when at most, and where it was seen."""

    measure: Measure
    began: float
    ended: float
    traces: dict[Trace, Seen]
    task: str
    victims: tuple[str, ...]


@dataclass(slots=True)
class _Step:
    """A step that is going on. `frame` is held until the next turn: a freed frame's identity is used again at once."""

    frame: object
    before: Look
    looks: list[Look] = field(default_factory=list)
    traces: dict[Trace, Seen] = field(default_factory=dict)
    task: str = ""
    victims: tuple[str, ...] = ()


class WatchedLoop:
    """A running loop's thread, as the sampler sees it, and at the end the thread itself.

    Most loops of a test suite are over in a millisecond: what is put into the loop waits until somebody looks at it.
    """

    def __init__(
        self, loop: Any, sampler: Sampler, judge: Callable[[Stall], None], shortest: Callable[[], float]
    ) -> None:
        self.loop, self._sampler, self._judge, self._shortest = loop, sampler, judge, shortest
        self.noting = 0.0
        """Seconds that the thread has spent on noting calls by name, which is our doing."""
        self._probe = probe_here()
        self._waited = Waited()
        self._lock = Mutex()
        self._closed = False
        self._step: _Step | None = None
        self._idle = False  # whether the last look, in this turn, saw no step
        self._turns: Turns | None = None
        self._previous: Look  # from the first one that is more than a glance
        self._began = now = perf_counter()
        self._glance(now, sampler.clocks)
        self._alarm = sampler.alarm()  # goes off once, and not before it is due
        if tells_when_it_turned(loop):
            self._due = now + IDLE_INTERVAL
        else:
            self._look_again(now)

    def delay(self) -> float:
        """Seconds for which the thread was ready and waited for a processor; 0.0 to a finalizer that interrupts us."""
        if self._lock.is_mine():
            return 0.0
        with self._lock:
            return self._waited.until(perf_counter(), self._probe.clocks())

    def sample(self, sampler: Clocks) -> None:
        """Look at the thread, from the sampler's, if it is time to. Raises OSError when it has ended."""
        with self._lock:
            woke = perf_counter()
            if not self._closed and woke >= self._due:
                with no_collection_here():
                    self._sample(woke, sampler)

    def _sample(self, woke: float, sampler: Clocks) -> None:
        frame = current_frames().get(self._probe.thread)
        if self._turns is None and self._will_soon_be_over(woke) and is_idle(self.loop, frame):
            self._glance(woke, sampler)
            self._look_again_idle(woke)
            return
        turns = self._turns or self._look_closer(woke)
        step = turns.step(frame)
        look = self._look(self._due, woke, sampler, frame, step)
        if self._step is not None and step is not self._step.frame:
            self._end(look)
        if step is not None and frame is not None:
            self._note(step, frame, look, turns)
        goes_on = look.at == self._previous.at and is_watched(frame)
        self._previous = look
        idle, self._idle = self._idle, step is None
        if turns.stamped and self._step is not None and (held := look.done - self._step.before.woke) > _LONG:
            self._look_again_in(held / _LOOKS_BY_THEN, look.done)
        elif turns.stamped and (goes_on or (self._idle and idle)):
            self._look_again_idle(look.done)
        else:
            self._look_again(look.done)

    def _will_soon_be_over(self, now: float) -> bool:
        """Whether this is a new loop on a thread of its own, such as a test client's: not worth opening a file for."""
        return now - self._began < _NEW and not self._probe.is_open

    def _glance(self, now: float, sampler: Clocks) -> None:
        """See of a loop that does nothing what can be seen without opening a file, and do not look into it yet."""
        self._glanced = now, self._probe.cpu(), self._probe.schedstat_if_open(), sampler, time.process_time()

    def _look_closer(self, now: float) -> Turns:
        """From now on the loop's turns are noticed."""
        began, cpu, schedstat, sampler, process_cpu = self._glanced
        clocks = parsed(cpu, schedstat)
        if not schedstat:
            # Of the delay that its thread has had so far, as much is this loop's as can be, so that none is a stall.
            so_far = self._probe.clocks()
            off = max(0.0, now - began - (so_far.cpu - cpu))
            clocks = clocks._replace(delay=max(0.0, so_far.delay - off))
        self._previous = Look(began, began, began, clocks, sampler, process_cpu, idle=True)
        self._turns = turns_of(self.loop, self._turned)
        return self._turns

    def settle(self) -> None:
        """Judge what there is of the step that is going on; the rest of it counts as another."""
        with self._lock:
            self._settle()

    def _settle(self) -> None:
        if self._step is not None and not self._closed:
            self._end_here(perf_counter())

    def close(self) -> None:
        """Judge the last step, on the loop's own thread or when nobody watches any longer."""
        with self._lock:
            self._settle()
            if not self._closed:
                self._closed = True
                if self._turns is not None:
                    self._turns.release()
                self._alarm.close()

    def give_up(self) -> None:
        """Look no more, and judge nothing of what was seen."""
        self._step = None
        self.close()

    def is_looked_at_here(self) -> bool:
        """Whether this very thread is at it, and whoever else wants to look must wait for it."""
        return self._lock.is_mine()

    def forget(self) -> None:
        """Look no more; also in a forked child, where the sampler that held the lock is gone."""
        self._closed = True
        self._lock = Mutex()

    def _turned(self, now: float) -> None:
        """A turn begins, on the loop's own thread: nothing has lasted since then."""
        with self._lock:
            if not self._closed:
                self._end_here(now)
                self._idle = False
                self._look_again(now)

    def _look_again(self, now: float) -> None:
        self._due = now + INTERVAL
        self._alarm.set()

    def _look_again_idle(self, now: float) -> None:
        self._due = now + IDLE_INTERVAL
        self._alarm.set_idle()

    def _look_again_in(self, seconds: float, now: float) -> None:
        self._due = now + seconds
        self._alarm.set_in(seconds)

    def _end_here(self, now: float) -> None:
        due, sampler = now, self._sampler.clocks
        if self._step is not None and now - self._due > _LATE:  # then something kept the sampler away
            due, sampler = self._due, self._sampler.clocks_now()
        look = self._look(due, now, sampler, None)
        if self._step is not None:
            self._end(look)
        self._previous = look

    def _look(
        self, due: float, woke: float, sampler: Clocks, frame: FrameType | None, step: object | None = None
    ) -> Look:
        turn, first, last, waiting_since = 0.0, False, False, 0.0
        if (turns := self._turns) is not None:
            turn, waiting_since = turns.turn, turns.selector.waiting_since
            if step is not None:
                first, last = turns.place(step)
                began = turns.began(step)
                turn = turn or (began and max(began, self._began))  # what went before that is not to be told
        return Look(
            due=due,
            woke=woke,
            loop=self._probe.clocks(),
            sampler=sampler,
            process_cpu=time.process_time(),
            turn=turn,
            next_turn=turn if turn > self._previous.woke else 0.0,
            sleeps_in=self._probe.sleeps_in() if frame is not None else "",
            at=(0, 0) if frame is None else (id(frame), frame.f_lasti),
            noting=self.noting,
            first=first,
            last=last,
            waiting_since=waiting_since,
            idle=frame is not None and step is None,
            done=perf_counter(),
        )

    def _note(self, frame: object, innermost: FrameType, look: Look, turns: Turns) -> None:
        step = self._step
        if step is None:
            step = self._step = _Step(frame, self._previous)
        # Before the rest, in which the lock may be lost: the loop would go on, and who blocked it be ready again.
        step.task = step.task or task_name(self.loop) or turns.task(step.frame)
        if len(step.looks) % _VICTIMS_EVERY == 0:
            step.victims = victims(self.loop)
        step.looks.append(look)
        self._waited.looked(self._previous, look)
        turns.selector.stamp()
        late = look.woke - look.due > _LATE
        stack = trace(innermost, self.loop, late=late)
        seen = step.traces.setdefault(stack, Seen(0.0, self._previous.woke, look.woke, self.loop.time()))
        waited_for_a_processor = look.loop.delay - self._previous.loop.delay
        seen.seconds += max(0.0, look.woke - self._previous.woke - waited_for_a_processor)
        seen.last = look.woke

    def _end(self, after: Look) -> None:
        step, self._step = self._step, None
        if step is not None and after.woke - step.before.woke >= self._shortest():
            before, now = step.before.loop, after.loop
            noting = after.noting - step.before.noting
            noting = on_a_processor(noting, now.cpu - before.cpu, now.delay - before.delay)
            measured = measure(step.before, step.looks, after).less(noting, noting * _UNCOUNTED)
            self._judge(Stall(measured, step.before.woke, after.woke, step.traces, step.task, step.victims))


_NEW = 0.1  # seconds
# A longer step is looked at ever more seldom. Its end is noticed anyway, and faulthandler, which prints the stacks of a
# program that hangs, crashes now and then if a thread runs meanwhile: in one of 400 cases with a look every 5 ms.
_LOOKS_BY_THEN = 40
_LONG = _LOOKS_BY_THEN * IDLE_INTERVAL
_LATE = 3 * INTERVAL  # then the lock was held, or the machine busy
_UNCOUNTED = 0.5  # of what noting calls takes: it begins before the first clock is read, and ends after the last
_VICTIMS_EVERY = 8  # looks; who waits changes only when timers come due
