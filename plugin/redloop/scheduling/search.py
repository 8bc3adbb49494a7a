"""Which schedule to try next: few forced switches first, and places in the code that were not tried before."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from redloop.scheduling.ready import Endless, position

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from redloop.scheduling.ready import Task

BOUND = 2
"""So many forced switches are tried systematically; most races need one."""
STROLLS = 4
"""One schedule in so many is a stroll."""
HABITS = ((0.9, True), (0.5, False), (0.0, False), (0.8, False))
"""How strolls differ: how often they do the usual thing, and whether that is first come, first served."""
LONG = 20_000
"""A schedule of so many steps never ends, if nothing else is known."""
WIDE = 16
"""Where more tasks than this are ready, the alternatives beyond are taken one by one, in their order."""


class Point(NamedTuple):
    """A point at which a schedule could have gone on in another way than it did by default.

    `choice` is its number in the schedule, `ways` how many there are, `places` where the code would go on for the first
    of them. `costs`: any way but the first is a forced switch, or a timer that fires late.
    """

    choice: int
    ways: int
    costs: bool
    places: tuple[int, ...]


class Follow:
    """A guide that follows a plan, one choice after the other, and then lets everything take its course."""

    def __init__(self, plan: Sequence[int] = (), *, most_steps: int = LONG) -> None:
        self.plan = plan
        self.taken: list[int] = []
        self.forced_switches = 0
        self.late = 0.0
        self.steps = 0
        self.most_steps = most_steps
        self.misfit = False

    def __enter__(self) -> None:
        """The schedule begins."""

    def __exit__(self, *_: object) -> None:
        """The schedule is over; the cleaning begins."""

    def next_task(self, tasks: Sequence[Task], *, goes_on: bool) -> int:
        """As planned."""
        way = self._choose(len(tasks), costs=goes_on, tasks=tasks)
        self.forced_switches += way > 0 and goes_on
        return way

    def next_time(self, dues: Sequence[float]) -> int:
        """As planned."""
        way = self._choose(len(dues), costs=True, tasks=())
        self.late = max(self.late, round(dues[way] - dues[0], 9))
        return way

    def step(self, task: Task | None) -> None:
        """Count it. Raises Endless for one too many."""
        if task is not None:
            self.steps += 1
            if self.steps > self.most_steps:
                raise Endless(self.steps)

    def effort(self) -> tuple[int, float, int]:
        """How far this schedule is from the default."""
        return self.forced_switches, self.late, sum(map(bool, self.taken))

    def _choose(self, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        choice = len(self.taken)
        if choice >= len(self.plan):
            way = self._free(choice, ways, costs=costs, tasks=tasks)
        elif (way := self.plan[choice]) >= ways:
            self.misfit = True
            way = 0
        self.taken.append(way)
        return way

    def _free(self, choice: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        del self, choice, ways, costs, tasks
        return 0


class Accompanied(Follow):
    """Follows a plan inside of a context that somebody else has made."""

    def __init__(self, plan: Sequence[int], during: AbstractContextManager[None]) -> None:
        super().__init__(plan)
        self._during = during

    def __enter__(self) -> None:
        self._during.__enter__()

    def __exit__(self, *_: object) -> None:
        self._during.__exit__(None, None, None)


class Explorer(Follow):
    """Follows a plan, and notes where it could have gone on otherwise after that."""

    def __init__(self, plan: Sequence[int] = (), level: int = 0) -> None:
        super().__init__(plan)
        self.level = level
        self.points: list[Point] = []

    def _free(self, choice: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        self.points.append(Point(choice, ways, costs, tuple([position(task) for task in tasks[:WIDE]])))
        return 0

    def trace(self) -> tuple[object, ...]:
        """What two runs of one schedule must have in common."""
        return self.steps, self.taken, self.points


class Stroll(Explorer):
    """Does the usual thing with the probability `usual`, and else any.

    The usual thing is that the same task goes on, or, where `in_turn`, what a real loop does: first come, first served.
    """

    def __init__(self, random: Callable[[], float], usual: float, *, in_turn: bool) -> None:
        super().__init__()
        self._random = random
        self._usual = usual
        self._in_turn = in_turn

    def _free(self, choice: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        super()._free(choice, ways, costs=costs, tasks=tasks)
        if self._random() < self._usual:
            way = int(self._in_turn and costs and len(tasks) > 0)
        else:
            way = int(self._random() * ways)
        if way:  # what could have been done otherwise before is other schedules' business
            self.points.clear()
            self.level += costs
        return way


_Rank = tuple[int, int, int]  # forced switches, how deep, which came first


class _Untried(NamedTuple):
    """Alternatives at one choice: the choices before it as in `taken`, then one of `ways`, then all by default."""

    taken: list[int]
    choice: int
    ways: range
    level: int
    key: int


class _Place:
    """A place in the code at which a schedule can go another way: how often one did, and what is left to try."""

    def __init__(self) -> None:
        self.tried = 0
        self.untried: list[tuple[_Rank, _Untried]] = []


class Search:
    """Every schedule once, in an order that finds races early.

    A schedule is known by its choices up to the last one that is not the default: its plan. So each is reached in one
    way only, from the schedule that lacks this choice. First come the places in the code at which the fewest switches
    were tried, among them the schedules with the fewest forced switches, and among those the deepest; so a loop of a
    hundred steps does not keep the search from what comes after it. More than `BOUND` forced switches wait until all
    others were tried. What needs many switches is left to strolls; the very first is the one that a real loop takes.
    """

    def __init__(self) -> None:
        self._places: dict[int, _Place] = defaultdict(_Place)
        self._heap: list[tuple[int, _Rank, int]] = []  # each place's best, and what was its best before
        self._planned = 0
        self._beyond: list[_Untried] = []
        self._run: set[tuple[int, ...]] = set()
        self._serial = 0
        self._asked = 0
        self._random = Random(0)  # noqa: S311 - the same schedules in every run

    @property
    def waiting(self) -> int:
        """How many schedules are known that were not tried, at least."""
        return self._planned + len(self._beyond)

    def next(self) -> Explorer | None:
        """A guide to another schedule; None when all were tried."""
        self._asked += 1
        if self._asked == 1:
            return Stroll(self._random.random, 1.0, in_turn=True)
        if self.waiting and self._asked % STROLLS == 0:
            usual, in_turn = HABITS[self._asked // STROLLS % len(HABITS)]
            return Stroll(self._random.random, usual, in_turn=in_turn)
        return self.next_planned()

    def next_planned(self) -> Explorer | None:
        """A guide to another schedule that is no stroll; None when all were tried."""
        while self.waiting:
            untried = self._take()
            plan = (*untried.taken[: untried.choice], untried.ways[0])
            if plan not in self._run:
                return Explorer(plan, untried.level)
        return None

    def learn(self, explorer: Explorer) -> bool:
        """Note what `explorer` could have done otherwise. Whether its schedule is a new one."""
        plan = tuple(explorer.taken[: max((i + 1 for i, way in enumerate(explorer.taken) if way), default=0)])
        if plan in self._run:
            return False
        self._run.add(plan)
        for choice, ways, costs, places in explorer.points:
            level = explorer.level + costs
            here = places[0] if costs and places else 0
            for way in range(1, min(ways, WIDE)):
                key = hash((here, places[way] if places else way))
                self._add(_Untried(explorer.taken, choice, range(way, way + 1), level, key))
            if ways > WIDE:
                self._add(_Untried(explorer.taken, choice, range(WIDE, ways), level, hash((here, None))))
        return True

    def _take(self) -> _Untried:
        while self._heap:
            tried, rank, key = heappop(self._heap)
            place = self._places[key]
            if place.untried and (tried, rank) == (place.tried, place.untried[0][0]):
                _, untried = heappop(place.untried)
                self._planned -= 1
                break
        else:
            untried = self._beyond.pop()
            place = self._places[untried.key]
        place.tried += 1
        if len(untried.ways) > 1:
            self._add(untried._replace(ways=untried.ways[1:]))
        if place.untried:
            heappush(self._heap, (place.tried, place.untried[0][0], untried.key))
        return untried

    def _add(self, untried: _Untried) -> None:
        if untried.level > BOUND:
            self._beyond.append(untried)
            return
        self._serial += 1
        self._planned += 1
        place, rank = self._places[untried.key], (untried.level, -untried.choice, self._serial)
        heappush(place.untried, (rank, untried))
        if place.untried[0][0] == rank:
            heappush(self._heap, (place.tried, rank, untried.key))


def simplify(failing: Follow, fails: Callable[[list[int]], Follow | None], attempts: int = 200) -> Follow:
    """A schedule that fails too, with fewer choices that are not the default.

    `fails` runs a plan: how it went, or None where it passed.
    """
    size = sum(map(bool, failing.taken)) // 2
    while size:
        places = [index for index, choice in enumerate(failing.taken) if choice]
        for start in range(0, len(places), size):
            if attempts == 0:
                return failing
            attempts -= 1
            dropped = set(places[start : start + size])
            went = fails([0 if index in dropped else choice for index, choice in enumerate(failing.taken)])
            if went is not None and went.effort() < failing.effort():
                failing = went
                break
        else:
            size //= 2
    return failing
