"""The Hypothesis strategy: inputs and schedule are drawn, shrunk and replayed together."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from redloop.scheduling.loop import ScheduleLoop
from redloop.scheduling.search import Follow
from redloop.scheduling.story import Storyteller, ending
from redloop.scheduling.tokens import check_lateness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from hypothesis.strategies import SearchStrategy

    from redloop.scheduling.loop import Scenario
    from redloop.scheduling.ready import Task


class Schedule:
    """An order of the tasks that Hypothesis has drawn: `schedule.run(scenario)`."""

    def __init__(self, loop: ScheduleLoop, lateness: float, randrange: Callable[[int], int]) -> None:
        self._loop = loop
        self._lateness = lateness
        self._randrange = randrange

    def __repr__(self) -> str:
        return "<a schedule, told above>"

    def run(self, scenario: Scenario) -> None:
        """Run `scenario`, an `async def` without arguments, in this order of its tasks, on virtual time.

        Raises what the scenario raises; Hypothesis's last run of the smallest example adds the story of the schedule as
        a note. Called again, it goes on with new choices. Raises RuntimeError inside a running event loop, and
        TypeError for what is no such function.
        """
        teller = _Told(self._randrange) if _is_final() else None
        with self._loop.exploring(self._lateness):
            self._loop.quiet = True
            failure = self._loop.run(scenario, teller or _Drawn(self._randrange))
        if failure is not None:
            if teller is not None:
                failure.add_note(f"the schedule in which it fails:\n{teller.text()}\n{ending(failure)}")
            raise failure


def _is_final() -> bool:
    """Whether Hypothesis shows this example: a story costs a trace of every line, and only the last one is read."""
    from hypothesis import control

    context = control._current_build_context.value  # noqa: SLF001 - what `hypothesis.note` looks at
    return context is not None and context.is_final


class _Draw:
    """Draws an integer a choice: small ones, which Hypothesis shrinks to, mean that nobody interferes."""

    randrange: Callable[[int], int]

    def _free(self, choice: int, ways: int, *, costs: bool, tasks: Sequence[Task]) -> int:
        del choice, tasks
        usual = ways if costs else 1  # so that half of the draws let the same task go on
        return max(0, self.randrange(usual + ways - 1) - usual + 1)


class _Drawn(_Draw, Follow):
    def __init__(self, randrange: Callable[[int], int]) -> None:
        super().__init__()
        self.randrange = randrange


class _Told(_Draw, Storyteller):
    def __init__(self, randrange: Callable[[int], int]) -> None:
        super().__init__()
        self.randrange = randrange


def schedules(*, lateness: float = 0.0) -> SearchStrategy[Schedule]:
    """Draw a `Schedule`: `@given(amounts, redloop.schedules())`, then `schedule.run(scenario)`.

    The loop may be up to `lateness` seconds late at a timer. All schedules of one strategy run on one loop object, so a
    lock may live in a module. Leave out hypothesis's explain phase (the kata's profile does): it traces every line.
    Raises ValueError for a `lateness` below 0, and ModuleNotFoundError where hypothesis is not installed:
    `pip install 'redloop[asyncio]'`.
    """
    check_lateness(lateness)
    try:
        from hypothesis import strategies
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "redloop.schedules() needs hypothesis: pip install 'redloop[asyncio]'", name="hypothesis"
        ) from error
    loop = ScheduleLoop()
    randoms = strategies.randoms(use_true_random=False)

    @strategies.composite
    def drawn(draw: Callable[[SearchStrategy[Random]], Random]) -> Schedule:
        return Schedule(loop, lateness, draw(randoms).randrange)

    strategy = drawn()
    weakref.finalize(strategy, loop.close)
    return strategy
