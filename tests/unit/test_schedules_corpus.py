"""The explorer against programs with a known verdict. `python tests/corpus_schedules` shows the same as a table."""

from __future__ import annotations

import statistics
from typing import Any

import pytest
from corpus_schedules.__main__ import KINDS, LATENESS, programs

from redloop import DeadlockError, explore, margin, replay

RACES, HANGS, TIMERS, CORRECT = map(list, map(programs, KINDS))


def by_name(program: Any) -> str:
    return program.__name__


def test_the_corpus_is_large_enough() -> None:
    assert len(RACES + HANGS + TIMERS) >= 30
    assert len(CORRECT) >= 20


@pytest.mark.parametrize("program", [*RACES, *HANGS], ids=by_name)
def test_a_race_is_found_and_replayed(program: Any) -> None:
    found = explore(program)
    assert found.failure is not None
    assert isinstance(found.failure, DeadlockError) or program not in HANGS
    again = replay(program, found.token)
    assert type(again.failure) is type(found.failure)
    assert again.story == found.story


@pytest.mark.parametrize("program", TIMERS, ids=by_name)
def test_a_race_behind_timers_needs_a_late_loop(program: Any) -> None:
    assert explore(program).failure is None
    found = explore(program, lateness=LATENESS)
    assert found.failure is not None
    assert found.late > 0
    assert 0 < margin(program) <= found.late


def test_few_schedules_are_needed() -> None:
    needed = [explore(program).schedules for program in (*RACES, *HANGS)]
    assert statistics.median(needed) <= 10
    assert max(needed) <= 1000


@pytest.mark.parametrize("lateness", [0.0, LATENESS])
@pytest.mark.parametrize("program", CORRECT, ids=by_name)
def test_no_false_alarm(program: Any, lateness: float) -> None:
    explore(program, max_schedules=100, lateness=lateness).check()
