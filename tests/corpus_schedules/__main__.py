"""The table: what the explorer says of every program, after how many schedules, and at what cost."""

from __future__ import annotations

import inspect
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__" and __package__ in {None, ""}:
    sys.path[0] = str(Path(__file__).parents[1])

from corpus_schedules import correct, hangs, more_correct, more_hangs, more_races, more_timers, races, timers
from redloop import DeadlockError, explore

if TYPE_CHECKING:
    from collections.abc import Iterator

LATENESS = 0.05
KINDS = {
    "races": (races, more_races),
    "hangs": (hangs, more_hangs),
    "timers": (timers, more_timers),
    "correct": (correct, more_correct),
}


def programs(kind: str) -> Iterator[Any]:
    """The programs of one kind: the public coroutine functions of its modules, but for helpers."""
    for module in KINDS[kind]:
        for name, value in vars(module).items():
            own = inspect.iscoroutinefunction(value) and value.__module__ == module.__name__
            if own and not name.startswith("_") and name != "pause":
                yield value


def main() -> None:
    """Print the table."""
    found_after, wrong = [], 0
    for kind in KINDS:
        lateness = LATENESS if kind == "timers" else 0.0
        for program in programs(kind):
            started = time.process_time()
            found = explore(program, lateness=lateness)
            cost = (time.process_time() - started) / found.schedules * 1000
            right = (found.failure is None) == (kind == "correct")
            if kind == "hangs":
                right = isinstance(found.failure, DeadlockError)
            wrong += not right
            if kind != "correct":
                found_after.append(found.schedules)
            verdict = found.verdict.replace(str(Path(__file__).parent) + "/", "").replace("tests/corpus_schedules/", "")
            mark = " " if right else "!"
            print(f"{mark} {kind:8} {program.__name__:36} {found.schedules:5} {cost:6.2f} ms  {verdict}")  # noqa: T201
    median, worst = statistics.median(found_after), max(found_after)
    print(f"{len(found_after)} races, found after {median} schedules (median), {worst} (worst)")  # noqa: T201
    print(f"{wrong} wrong verdicts")  # noqa: T201


if __name__ == "__main__":
    main()
