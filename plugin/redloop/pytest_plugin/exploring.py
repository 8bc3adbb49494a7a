"""Runs a test's body in one schedule after another: `@pytest.mark.redloop(schedules=N, lateness=…, margin=…)`."""

from __future__ import annotations

import functools
import inspect
import random
from typing import TYPE_CHECKING, Any
from unittest import TestCase

import pytest

from redloop.pytest_plugin.fixtures import function_scoped
from redloop.pytest_plugin.outcome import fail
from redloop.pytest_plugin.virtual import is_async
from redloop.record import Explored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redloop.pytest_plugin.options import Settings
    from redloop.pytest_plugin.watch import Watch
    from redloop.scheduling import Exploration
    from redloop.scheduling.exploration import Schedules
    from redloop.scheduling.tokens import Token


def objection(item: Any) -> str | None:
    """Why this test cannot be explored, or None."""
    function = getattr(item, "obj", None)
    if hasattr(function, "hypothesis"):
        return "schedules= explores one test, and @given runs it many times: draw redloop.schedules() in @given instead"
    if item.cls is not None and issubclass(item.cls, TestCase):
        return "schedules= and margin= need a test that pytest-asyncio runs: take it out of its unittest.TestCase"
    if not is_async(function):
        return "schedules= and margin= need an `async def` test: its tasks are what is reordered"
    if rebuilt := list(_not_rebuilt(item)):
        names = ", ".join(rebuilt)
        return (
            f"the fixture {names} is made once, and would carry state from one schedule to the next: build it inside "
            "the test (parameters and fixtures of a wider scope are fine)"
        )
    return None


def _not_rebuilt(item: Any) -> Iterator[str]:
    """What pytest makes once for the test, and the suite or a library defines."""
    for name in item._fixtureinfo.name2fixturedefs:  # noqa: SLF001 - no public name tells it
        if name.startswith(("_xunit_setup_method", "_xunit_setup_function")):
            yield name.split("_fixture")[0].removeprefix("_xunit_")
    yield from function_scoped(item)


def scenario_of(item: Any) -> Any:
    """The test's body as an `async def` without arguments; each call is on a new instance of its class."""
    values = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}  # noqa: SLF001 - as pytest calls it
    name = item.originalname

    @functools.wraps(_function(item))
    def scenario() -> Any:
        owner = item.cls() if item.cls is not None else item.module
        return getattr(owner, name)(**values)

    return scenario


def _function(item: Any) -> Any:
    return inspect.unwrap(getattr(item.cls or item.module, item.originalname))


def run(item: Any, watch: Watch, token: Token | None) -> None:
    """Explore the test that is being called. Raises what it raises in a schedule that fails."""
    __tracebackhide__ = True
    from redloop.scheduling.exploration import ScheduleError, Schedules
    from redloop.scheduling.repeatable import start_over

    loop = watch.runner_loop()
    assert loop is not None, "pytest-asyncio has set up its runner"  # noqa: S101 - `objection` has seen to it
    schedules = Schedules(loop, scenario_of(item))  # type: ignore[arg-type]  # the loop that our factory made
    with watch.paused():
        not_replayable = ""
        try:
            found, margin = _explored(schedules, watch.settings, token)
            if found.failure is not None:
                schedules.run_again(found, watch.measuring_schedule())
        except ScheduleError as error:
            not_replayable = str(error)
    if not_replayable:
        fail(not_replayable)
    if not isinstance(found.failure, pytest.skip.Exception):
        watch.explored(_record(found, margin, replayed=token is not None))
    if found.failure is not None:
        raise found.failure
    item.addfinalizer(functools.partial(random.setstate, random.getstate()))
    start_over()  # the body runs once more, as ever: with the numbers that it had in each schedule


def _explored(schedules: Schedules, settings: Settings, token: Token | None) -> tuple[Exploration, float | None]:
    """The exploration that decides, and the margin where one was asked for and broken."""
    if token is not None:
        return schedules.replay(token), None
    found = schedules.explore(settings.schedules or 1000, settings.lateness)
    if found.failure is not None or not settings.margin:
        return found, None
    late = schedules.explore(settings.schedules or 1000, settings.margin)
    if late.failure is None:
        return found, None
    margin = schedules.margin(late.late)
    return schedules.explore(settings.schedules or 1000, margin), margin


def _record(found: Exploration, margin: float | None, *, replayed: bool) -> Explored:
    verdict = found.verdict
    if replayed and found.failure is None:
        verdict = "the replayed schedule passes"
    return Explored(
        verdict=verdict,
        schedules=found.schedules,
        exhausted=found.exhausted,
        forced_switches=found.forced_switches,
        late=found.late,
        switched_at=found.switched_at,
        margin=margin,
        story=_story(found),
        token=found.token,
    )


def _story(found: Exploration) -> str:
    """The story, without what pytest says of the error anyway: who waits for what takes many lines."""
    from redloop.diagnosis import DeadlockError, LivelockError

    if not isinstance(found.failure, DeadlockError | LivelockError):
        return found.story
    report = str(found.failure)
    return found.story.replace(report, f"{report.partition(':')[0]}: who waits for what is told above")


def replayed(token: Token, items: Sequence[Any]) -> list[Any]:
    """Those of the explored tests to which the token belongs.

    Raises ValueError where it is none of them, unless there is only one to choose from.
    """
    from redloop.scheduling.tokens import code_hash

    own = [item for item in items if code_hash(_function(item)) == token.code]
    if own or len(items) == 1:
        return own or list(items)
    if not items:
        raise ValueError("none of the tests selected has @pytest.mark.redloop(schedules=…)")
    raise ValueError(
        f"the token belongs to none of the {len(items)} explored tests selected, or its code has "
        "changed since: name the one test to replay"
    )
