"""What is said about a verdict beyond itself: the timeline, and the known mistake that the answer looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from redloop.dojo.answers import looks_like
from redloop.dojo.timelines import timeline

if TYPE_CHECKING:
    from redloop.dojo.runner import Runner
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict
    from redloop.record import Run


@dataclass(frozen=True)
class Explanation:
    """`run` is the timeline of `test`, None where nothing waited; `looks_like` a sentence, or nothing."""

    test: str = ""
    run: Run | None = None
    looks_like: str = ""


def explain(
    runner: Runner,
    exercise: Exercise,
    answer: bytes,
    verdict: Verdict,
    memory: dict[tuple[str, bytes], Verdict] | None = None,
) -> Explanation:
    """Explain a verdict, by running the answer once more, and others like it. Raises JudgeError and others of ours.

    `memory` keeps the verdicts on known answers from one call to the next.
    """
    test, run = timeline(runner, exercise, answer, verdict) or ("", None)
    return Explanation(test, run, looks_like(runner, exercise, answer, verdict, memory))
