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

from corpus_schedules import correct, hangs, races, timers
from redloop import DeadlockError, explore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

LATENESS = 0.05


def programs(module: ModuleType) -> Iterator[Any]:
    """The programs of one module: its own public coroutine functions, but for helpers."""
    for name, value in vars(module).items():
        own = inspect.iscoroutinefunction(value) and value.__module__ == module.__name__
        if own and not name.startswith("_") and name != "pause":
            yield value


def main() -> None:
    """Print the table."""
    found_after, wrong = [], 0
    for module in (races, hangs, timers, correct):
        kind = module.__name__.partition(".")[2]
        lateness = LATENESS if module is timers else 0.0
        for program in programs(module):
            started = time.process_time()
            found = explore(program, lateness=lateness)
            cost = (time.process_time() - started) / found.schedules * 1000
            right = (found.failure is None) == (module is correct)
            if module is hangs:
                right = isinstance(found.failure, DeadlockError)
            wrong += not right
            if module is not correct:
                found_after.append(found.schedules)
            verdict = found.verdict.replace(str(Path(__file__).parent) + "/", "").replace("tests/corpus_schedules/", "")
            mark = " " if right else "!"
            print(f"{mark} {kind:8} {program.__name__:36} {found.schedules:5} {cost:6.2f} ms  {verdict}")  # noqa: T201
    median, worst = statistics.median(found_after), max(found_after)
    print(f"{len(found_after)} races, found after {median} schedules (median), {worst} (worst)")  # noqa: T201
    print(f"{wrong} wrong verdicts")  # noqa: T201


if __name__ == "__main__":
    main()
