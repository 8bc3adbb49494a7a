"""The learner's own timeline: the answer runs once more, this time recorded, when its verdict is known already.

Recording takes longer than most tests do (on Python 3.11 several times as long), so a verdict does not wait for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redloop.dojo.processes import JudgeError

if TYPE_CHECKING:
    from redloop.dojo.runner import Runner
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict
    from redloop.record import Run

LONGEST = 2.0
"""Real seconds: a test that took more was stopped by its time-out, and would be again."""


def timeline(runner: Runner, exercise: Exercise, answer: bytes, verdict: Verdict) -> tuple[str, Run] | None:
    """The timeline that explains a verdict, and the name of its test; None where nothing waited.

    That of the test that failed first or, after a pass, of the first test that waited. A test that hangs, or comes to
    another end this time, explains nothing. Raises InterruptedJudgement, SetError.
    """
    if verdict.ending not in ("passed", "failed"):
        return None
    tests = verdict.failed[:1] or verdict.results
    if any(test.seconds > LONGEST for test in tests):
        return None
    try:
        again = runner.judge(exercise, answer, timeline=True, tests=[test.name for test in tests])
    except JudgeError:  # the verdict came without one
        return None
    endings = {(test.name, test.outcome) for test in tests}
    for result in again.results:
        if result.run and (result.name, result.outcome) in endings and (run := of_the_answer(result.run)).elapsed:
            return result.name, run
    return None


def of_the_answer(run: Run) -> Run:
    """A run without its test's own span: as long as what the test looks at, and not as long as it looks."""
    spans = tuple(span for span in run.spans if not span.name.startswith("test_"))
    waits = [wait for span in spans for wait in span.waits]
    waited, any_waited = sum(end - start for start, end in waits), _covered(waits)
    return replace(
        run,
        spans=spans,
        elapsed=max((span.end for span in spans), default=0.0),
        waited=waited,
        overlap=waited / any_waited if any_waited else 0.0,
    )


def _covered(intervals: list[tuple[float, float]]) -> float:
    """The time that at least one of the intervals covers."""
    covered, reached = 0.0, 0.0
    for start, end in sorted(intervals):
        covered += max(end - max(start, reached), 0.0)
        reached = max(reached, end)
    return covered
