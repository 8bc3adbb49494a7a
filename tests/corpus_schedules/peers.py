"""The corpus, explored by other tools: `python tests/corpus_schedules/peers.py [SCHEDULES]`. Nothing is asserted.

Needs what it compares with: `pip install simloom simloop`. (frontrun explores workers over a state that it sets up, and
no program that makes its own tasks, so these programs would have to be rewritten for it.)
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__" and __package__ in {None, ""}:
    sys.path[0] = str(Path(__file__).parents[1])

from corpus_schedules.__main__ import KINDS, LATENESS, programs

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60
"""A tool that takes longer for one program has not found anything."""


def redloop(program: Any, most: int) -> tuple[str, int]:
    """(what it says of a failure, how many schedules it ran)."""
    from redloop import explore

    found = explore(program, max_schedules=most)
    return type(found.failure).__name__ if found.failure else "", found.schedules


def redloop_late(program: Any, most: int) -> tuple[str, int]:
    """The same on a loop that may be late."""
    from redloop import explore

    found = explore(program, max_schedules=most, lateness=LATENESS)
    return type(found.failure).__name__ if found.failure else "", found.schedules


def simloom(program: Any, most: int) -> tuple[str, int]:
    """With its seeds from 0."""
    from simloom import explore

    found = explore(program, runs=most)
    return found.failures[0].error if found.failures else "", found.runs


def simloop(program: Any, most: int) -> tuple[str, int]:
    """With its seeds from 0."""
    from simloop import explore

    seen = 0

    def seeds() -> Any:
        nonlocal seen
        for seen in range(1, most + 1):
            yield seen - 1

    report = explore(program, seeds())
    return type(report.error).__name__ if report else "", seen


TOOLS: tuple[Callable[[Any, int], tuple[str, int]], ...] = (redloop, redloop_late, simloom, simloop)


def _run(tool: Any, program: Any, most: int, answers: Any) -> None:
    warnings.simplefilter("ignore")
    started = time.process_time()
    try:
        failure, schedules = tool(program, most)
    except Exception as error:  # noqa: BLE001 - whatever another tool raises is its answer
        failure, schedules = f"raised {type(error).__name__}", 1
    answers.put((failure, schedules, (time.process_time() - started) / schedules * 1000))


def ask(tool: Any, program: Any, most: int) -> tuple[str, int, float]:
    """What `tool` says of `program`, in a process of its own: some never come back."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_run, args=(tool, program, most, answers))
    child.start()
    child.join(SECONDS)
    if child.is_alive():
        child.kill()
        return "never came back", 1, float("nan")
    return ("died", 1, float("nan")) if answers.empty() else answers.get()


def main() -> None:
    """Print a line for each tool and kind of program."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    only = {"redloop_late": {"timers", "correct"}}
    for tool in TOOLS:
        for kind in KINDS:
            if kind not in only.get(tool.__name__, KINDS):
                continue
            asked = {program.__name__: ask(tool, program, most) for program in programs(kind)}
            found = {name: answer for name, answer in asked.items() if answer[0]}
            lost = [name for name, (failure, *_) in asked.items() if failure.startswith(("raised", "never", "died"))]
            said = f"{len(found) - len(lost)} of {len(asked)} fail"
            schedules = statistics.median(count for name, (_, count, _) in asked.items() if name not in lost)
            cost = statistics.median(cost for name, (*_, cost) in asked.items() if name not in lost)
            print(f"{tool.__name__:12} {kind:8} {said}; median {schedules:g} schedules, {cost:.2f} ms each")  # noqa: T201
            if lost:
                print(f"{'':21} no verdict: {', '.join(f'{name} ({asked[name][0]})' for name in lost)}")  # noqa: T201
            if kind == "correct" and len(found) > len(lost):
                alarms = ", ".join(f"{name} ({asked[name][0]})" for name in found if name not in lost)
                print(f"{'':21} false alarms: {alarms}")  # noqa: T201
            if kind != "correct" and len(found) < len(asked):
                print(f"{'':21} not found: {', '.join(name for name in asked if name not in found)}")  # noqa: T201


if __name__ == "__main__":
    main()
