"""Which schedule to try next: few forced switches first, and places in the code that were not tried before."""

from __future__ import annotations

import random
from collections import Counter
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from redloop.scheduling.ready import position

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redloop.scheduling.ready import Task

BOUND = 2
"""So many forced switches are tried systematically; most races need one."""
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

    def __init__(self, plan: Sequence[int] = ()) -> None:
        self.plan = plan
        self.taken: list[int] = []
        self.forced_switches = 0
        self.late = 0.0
        self.steps = 0
        self.misfit = False

    def __enter__(self) -> None:
        """The schedule begins."""

    def __exit__(self, *_: object) -> None:
        """The schedule is over; the cleaning begins."""

    def next_task(self, tasks: Sequence[Task], *, goes_on: bool) -> int:
        """As planned."""
        choice = self._choose(len(tasks), costs=goes_on, tasks=tasks)
        self.forced_switches += choice > 0 and goes_on
        return choice

    def next_time(self, dues: Sequence[float]) -> int:
        """As planned."""
        choice = self._choose(len(dues), costs=True, tasks=())
        self.late = max(self.late, round(dues[choice] - dues[0], 9))
        return choice

    def step(self, task: Task | None) -> None:
        """Count it."""
        if task is not None:
            self.steps += 1

    def effort(self) -> tuple[int, float, int]:
        """How far this schedule is from the default."""
        return self.forced_switches, self.late, sum(map(bool, self.taken))

    def _choose(self, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        index = len(self.taken)
        if index >= len(self.plan):
            choice = self._free(index, ways, costs=costs, tasks=tasks)
        elif (choice := self.plan[index]) >= ways:
            self.misfit = True
            choice = 0
        self.taken.append(choice)
        return choice

    def _free(self, index: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        del self, index, ways, costs, tasks
        return 0


class Explorer(Follow):
    """Follows a plan, and notes where it could have gone on otherwise after that."""

    def __init__(self, plan: Sequence[int] = (), level: int = 0) -> None:
        super().__init__(plan)
        self.level = level
        self.points: list[Point] = []

    def _free(self, index: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        self.points.append(Point(index, ways, costs, tuple([position(task) for task in tasks[:WIDE]])))
        return 0

    def trace(self) -> tuple[object, ...]:
        """What two runs of one schedule must have in common."""
        return self.steps, self.taken, self.points


class Stroll(Follow):
    """Goes on with the same task with the probability `stay`, and else with any of them."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._random = rng.random
        self._stay = rng.choice((0.0, 0.5, 0.8, 0.95))

    def _free(self, index: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        del index, tasks
        return 0 if costs and self._random() < self._stay else int(self._random() * ways)


class _Untried(NamedTuple):
    """Alternatives at one choice: the choices before it as in `taken`, then one of `ways`, then all by default."""

    taken: list[int]
    choice: int
    ways: range
    level: int
    key: int


class Search:
    """Every schedule once, in an order that finds races early.

    A schedule is known by the last choice at which it leaves the default, so each is reached in exactly one way: from
    the schedule that lacks this choice. First come the places in the code at which the fewest switches were tried,
    among them the schedules with the fewest forced switches, and among those the deepest; so a loop of a hundred
    steps does not keep the search from what comes after it. More than `BOUND` forced switches wait until all others
    were tried. Where it is certain that the budget does not reach for all, every fourth schedule is a random one, for
    what needs many switches.
    """

    def __init__(self, budget: int) -> None:
        self._left = budget
        self._heap: list[tuple[int, int, int, int, _Untried]] = []
        self._beyond: list[_Untried] = []
        self._tried: Counter[int] = Counter()
        self._serial = 0
        self._random = random.Random(0)  # noqa: S311 - the same schedules in every run

    @property
    def waiting(self) -> int:
        """How many schedules are known that were not tried, at least."""
        return len(self._heap) + len(self._beyond)

    def next(self) -> Follow | None:
        """A guide to the next schedule; None when all were tried."""
        if not self.waiting:
            return None
        hopeless = self.waiting > self._left
        self._left -= 1
        if hopeless and (not self._heap or self._left % 4 == 0):
            return Stroll(self._random)
        untried = self._take()
        return Explorer([*untried.taken[: untried.choice], untried.ways[0]], untried.level)

    def learn(self, explorer: Explorer) -> None:
        """Note what `explorer` could have done otherwise."""
        for choice, ways, costs, places in explorer.points:
            level = explorer.level + costs
            here = places[0] if costs and places else 0
            for way in range(1, min(ways, WIDE)):
                key = hash((here, places[way] if places else way))
                self._add(_Untried(explorer.taken, choice, range(way, way + 1), level, key))
            if ways > WIDE:
                self._add(_Untried(explorer.taken, choice, range(WIDE, ways), level, hash((here, None))))

    def _take(self) -> _Untried:
        while self._heap:
            tried, *_, untried = heappop(self._heap)
            if tried == self._tried[untried.key]:
                break
            self._add(untried)  # meanwhile another one was tried at this place
        else:
            untried = self._beyond.pop()
        self._tried[untried.key] += 1
        if len(untried.ways) > 1:
            self._add(untried._replace(ways=untried.ways[1:]))
        return untried

    def _add(self, untried: _Untried) -> None:
        if untried.level > BOUND:
            self._beyond.append(untried)
            return
        self._serial += 1
        heappush(self._heap, (self._tried[untried.key], untried.level, -untried.choice, self._serial, untried))


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
