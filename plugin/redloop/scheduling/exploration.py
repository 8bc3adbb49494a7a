"""Explore the schedules of a scenario, replay one of them, and find the lateness at which it breaks."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from redloop.scheduling.loop import ScheduleLoop, schedule_loop
from redloop.scheduling.search import LONG, Accompanied, Explorer, Follow, Search, simplify
from redloop.scheduling.story import Storyteller, ending
from redloop.scheduling.tokens import Token, check_lateness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from redloop.scheduling.loop import Scenario

NANOSECOND = 1e-9
SIMPLER = 100
"""So many schedules are run to find one that fails with fewer forced switches."""
MISFITS = 3
"""So many schedules may go another way than when they were planned, where nothing outside the loop decides too."""
LONGER = 20
"""A schedule with so many times the steps of the first, and `LONG_ENOUGH` at least, never ends."""
LONG_ENOUGH = 5_000
TELLINGS = 10
"""How often to try to tell a failure on which sockets or threads decide too."""


class ScheduleError(AssertionError):
    """A schedule fails, or schedules mean nothing here because the same one does not always do the same."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What came out of running a scenario in many schedules."""

    failure: BaseException | None
    """What the scenario raised in the schedule that failed; None when all passed."""
    schedules: int
    """How many ran; those that only served to check or simplify the failing one are not counted."""
    exhausted: bool
    """These were all that there are."""
    forced_switches: int = 0
    """How many the failing (or the replayed) schedule has."""
    late: float = 0.0
    """By how many seconds the loop is late at a timer in the failing (or the replayed) schedule, at most."""
    switched_at: str = ""
    """`file:line` of its first forced switch."""
    story: str = field(default="", repr=False)
    """Tasks, steps, lines and source text of the failing (or the replayed) schedule; `""` when all passed."""
    token: str = ""
    """Replays it: `replay(scenario, token)`, or `pytest --redloop-replay=TOKEN`."""

    @property
    def verdict(self) -> str:
        """The outcome in half a sentence. It never says "holds" without "all" where more schedules exist."""
        if self.failure is not None:
            return f"fails: {self._cause()}"
        if self.exhausted:
            return "holds in the only schedule" if self.schedules == 1 else f"holds in ALL {self.schedules} schedules"
        return f"held in {self.schedules} {'schedule' if self.schedules == 1 else 'schedules'}, more exist"

    def check(self) -> None:
        """Raise `ScheduleError` from the failure, the story first; do nothing when there is none."""
        if self.failure is not None:
            raise ScheduleError(f"{self.verdict}\n{self.story}\nreplay it: {self.token}") from self.failure

    def _cause(self) -> str:
        causes = []
        if self.forced_switches:
            plural = "es" if self.forced_switches > 1 else ""
            at = f", the first at {self.switched_at}" if plural else f" at {self.switched_at}"
            causes.append(f"{self.forced_switches} forced switch{plural}{at}")
        if self.late:
            causes.append(f"the loop {self.late * 1000:g} ms late")
        return ", ".join(causes) or "without any forced switch"


def explore(scenario: Scenario, *, max_schedules: int = 1000, lateness: float = 0.0) -> Exploration:
    """Run `scenario` in one schedule after another until one fails, all were tried, or `max_schedules` have run.

    `scenario` is an `async def` without arguments that builds all its state, and raises when something is wrong. Time
    is virtual. The loop may be up to `lateness` seconds late at a timer: timers no farther apart than that can come in
    any order.

    What the scenario raises is returned, not raised. Raises ScheduleError when the same schedule does not always do the
    same, RuntimeError inside a running event loop, TypeError and ValueError for arguments that cannot be.
    """
    with schedule_loop() as loop:
        return Schedules(loop, scenario).explore(max_schedules, lateness)


def replay(scenario: Scenario, token: str) -> Exploration:
    """Run the one schedule that `token` stands for; the story is told also when it passes.

    It begins with a note when the token was made on another Python or for other code. Raises ValueError for a text
    that is no token, and what `explore` raises.
    """
    with schedule_loop() as loop:
        return Schedules(loop, scenario).replay(Token.parse(token))


def margin(scenario: Scenario, *, limit: float = 0.2) -> float:
    """How many seconds late the loop has to be at a timer for `scenario` to fail; `limit` when it holds even then.

    0.0 means that it fails on a loop that is never late. Up to 1,000 schedules are tried for each lateness, so the true
    margin can be smaller where there are more. Raises ValueError for a limit of 0 or less, and what `explore` raises.
    """
    with schedule_loop() as loop:
        return Schedules(loop, scenario).margin(limit)


class Schedules:
    """The schedules of one scenario, on a loop that is not running."""

    def __init__(self, loop: ScheduleLoop, scenario: Scenario) -> None:
        self._loop = loop
        self._scenario = scenario
        self._lateness = 0.0
        self._most_steps = LONG

    def explore(self, max_schedules: int = 1000, lateness: float = 0.0) -> Exploration:
        """As the function `explore`."""
        if max_schedules < 1:
            raise ValueError(f"max_schedules is a number from 1, not {max_schedules!r}")
        with self._exploring(lateness):
            return self._explore(max_schedules)

    def replay(self, token: Token) -> Exploration:
        """As the function `replay`."""
        with self._exploring(token.lateness):
            if any(token.choices):
                self._first()  # how many steps are normal here
            result, guide = self._tell(token.choices, schedules=1)
        notes = [token.differences(self._scenario)]
        if guide.misfit or len(guide.taken) < len(token.choices):
            notes.append("The token does not fit: the program has other choices than the one that it was made for.")
        return replace(result, story="\n".join(filter(None, [*notes, result.story])))

    def run_again(self, found: Exploration, during: AbstractContextManager[None]) -> None:
        """Run the schedule of `found` once more, from its start to its end inside of `during`."""
        token = Token.parse(found.token)
        with self._exploring(token.lateness):
            self._loop.quiet = True
            self._run(Accompanied(token.choices, during))

    def margin(self, limit: float = 0.2) -> float:
        """As the function `margin`."""
        if not limit > 0:
            raise ValueError(f"limit is a number of seconds above 0, not {limit!r}")
        if self.explore().failure is not None:
            return 0.0
        breaks = self.explore(lateness=limit)
        if breaks.failure is None:
            return limit
        holds = 0.0
        while round(breaks.late - holds, 9) > NANOSECOND:
            # The critical latenesses are the gaps between timers, so what just sufficed is often the smallest already.
            for lateness in (breaks.late - NANOSECOND, (holds + breaks.late) / 2):
                found = self.explore(lateness=lateness)
                if found.failure is None:
                    holds = lateness
                    break
                breaks = found
        return breaks.late

    @contextlib.contextmanager
    def _exploring(self, lateness: float) -> Iterator[None]:
        check_lateness(lateness)
        self._lateness = lateness
        with self._loop.exploring(lateness):
            yield

    def _explore(self, max_schedules: int) -> Exploration:
        search = Search()
        first, failure = self._first()
        guide: Explorer = first
        count, misfits = 1, 0
        while failure is None:
            if guide.misfit:
                misfits += 1
                if misfits > MISFITS and not self._loop.met_outside:
                    raise ScheduleError(f"{misfits} schedules did not begin as they did before.\n{NOT_REPLAYABLE}")
            elif not search.learn(guide):
                count -= 1  # a stroll that took a way where somebody has been
            following = search.next() if count < max_schedules else None
            if following is None:
                return Exploration(None, count, exhausted=not (search.waiting or misfits))
            guide = following
            failure = self._run(guide)
            count += 1
        simple = guide if guide is first else self._simpler(guide, type(failure), search)
        return (
            self._told(simple, failure, count)
            if self._loop.met_outside
            else self._proved(simple, first, failure, count)
        )

    def _proved(self, guide: Follow, first: Explorer, failure: BaseException, count: int) -> Exploration:
        """The story of a failing schedule, once it has failed again and the first one has not."""
        result, teller = self._tell(guide.taken, schedules=count)
        if type(result.failure) is not type(failure):
            raise ScheduleError(_twice(guide, failure, teller, result.failure))
        if guide is not first:
            again = Explorer()
            if (now := self._run(again)) or again.trace() != first.trace():
                why = _twice(first, None, again, now)
                raise ScheduleError(f"A schedule failed ({ending(failure)}), but it was not its fault: {why}")
        return result

    def _told(self, guide: Follow, failure: BaseException, count: int) -> Exploration:
        """The story of a failing schedule on which sockets, threads or processes decide too."""
        for _ in range(TELLINGS):
            result, _ = self._tell(guide.taken, schedules=count)
            if type(result.failure) is type(failure):
                return result
        story = f"(It did not fail again in {TELLINGS} runs: sockets, threads or processes decide too.)"
        return replace(result, failure=failure, story=f"{story}\n{ending(failure)}")

    def _run(self, guide: Follow) -> BaseException | None:
        """Run a schedule, unless it turns out to be endless beside the first."""
        guide.most_steps = self._most_steps
        return self._loop.run(self._scenario, guide)

    def _tell(self, plan: Sequence[int], *, schedules: int) -> tuple[Exploration, Follow]:
        """Run the schedule `plan`, and tell its story."""
        teller = Storyteller(plan)
        failure = self._run(teller)
        result = Exploration(
            failure,
            schedules,
            exhausted=False,
            forced_switches=teller.forced_switches,
            late=teller.late,
            switched_at=teller.switched_at,
            story="\n".join([teller.text(), *([ending(failure)] if failure is not None else ())]),
            token=str(Token.of(self._scenario, self._lateness, teller.taken)),
        )
        return result, teller

    def _first(self) -> tuple[Explorer, BaseException | None]:
        """Run the schedule in which nobody interferes; twice, to see whether it does the same."""
        runs: list[tuple[Explorer, BaseException | None]] = []
        for _ in range(3):
            guide = Explorer()
            runs.append((guide, self._run(guide)))
            self._loop.quiet = True
            if guide.steps <= LONG:
                self._most_steps = max(LONG_ENOUGH, LONGER * guide.steps)
            if len(runs) > 1 and runs[-2][0].trace() == guide.trace():
                break  # a third run is for a cache that the first one has filled
        else:
            if not self._loop.met_outside:
                raise ScheduleError(_twice(*runs[1], *runs[2]))
        if len({type(failure) for _, failure in runs}) > 1 and not self._loop.met_outside:
            raise ScheduleError(_twice(*runs[0], *runs[1]))
        return next((run for run in runs if run[1] is not None), runs[-1])

    def _simpler(self, guide: Explorer, kind: type, search: Search) -> Follow:
        """A schedule with the same kind of failure and as few forced switches as can be had for a little work."""
        simple = simplify(guide, lambda plan: self._fails(Follow(plan), kind))
        for _ in range(SIMPLER):
            if simple.forced_switches < 2 or (planned := search.next_planned()) is None:  # noqa: PLR2004 - one is few
                break
            if (found := self._fails(planned, kind)) is None:
                search.learn(planned)
            elif found.effort() < simple.effort():
                return found
        return simple

    def _fails(self, guide: Follow, kind: type) -> Follow | None:
        return guide if type(self._run(guide)) is kind else None


NOT_REPLAYABLE = """\
Schedules mean something only where nothing else decides. Build all state inside the scenario (what a module or a class
keeps comes from the schedule before), seed random numbers there, and read loop.time(), not the clock on the wall."""


def _twice(one: Follow, failure: BaseException | None, other: Follow, then: BaseException | None) -> str:
    """What differed between two runs of one schedule."""
    first, second = _went(one, failure), _went(other, then)
    if first == second:
        second = "then went another way in as many steps"
    return f"the same schedule was run twice, and did not do the same: it {first}, {second}.\n{NOT_REPLAYABLE}"


def _went(guide: Follow, failure: BaseException | None) -> str:
    if failure is None:
        return f"passed after {guide.steps} steps"
    return f"failed after {guide.steps} steps ({ending(failure)})"
