"""Exercises, attempts and findings, as lines. Pure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from redloop.dojo.lines import BLANK, Line, page
from redloop.report.drawing import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redloop.dojo.author import Checked
    from redloop.dojo.doctor import Finding
    from redloop.dojo.history import Attempt
    from redloop.dojo.lines import Role
    from redloop.dojo.sets import Exercise, Kata
    from redloop.dojo.verdict import Verdict
    from redloop.dojo.workspace import Workspace

HALF_A_MINUTE = 30  # seconds
WIDE_ENOUGH = 60  # columns that a table needs

MORE_KEYS = ("p previous", "l list", "r reset", "e edit", "Enter run again", "q quit")
RED_KEYS = ("h hint", "n next", *MORE_KEYS)
PASSED_KEYS = ("n next", "s solution", *MORE_KEYS)


def exercises(count: int) -> str:
    """How many there are."""
    return "1 exercise" if count == 1 else f"{count} exercises"


def all_green(kata: Kata) -> str:
    """What to say when nothing is left."""
    count = len(kata.exercises)
    return "The one exercise is green" if count == 1 else f"All {count} exercises are green"


def keys(green: str, *, passed: bool, width: int) -> Iterator[Line]:
    """What to press; no key is torn from its word."""
    for line in wrapped([green, *(PASSED_KEYS if passed else RED_KEYS)], " · ", width):
        yield Line(line, "quiet")


def brief(exercise: Exercise) -> Iterator[Line]:
    """The README as far as THINK ABOUT: the story, what is wrong, the job. A topic's introduction stands above it."""
    if exercise.introduction:
        yield Line(exercise.topic.capitalize(), "title")
        yield from page(exercise.introduction)
        yield BLANK
    for line in page(exercise.text("README.md")):
        if line.role == "title" and line.text.upper() == "THINK ABOUT":
            return
        yield line


def not_kept(work: Workspace, error: OSError) -> Line:
    """A verdict or hint is worth showing even where that cannot be written down."""
    return Line(f"Note: progress could not be kept in {work.state}: {error.strerror}", "quiet")


def summary(judged: Sequence[tuple[Exercise, Verdict]]) -> Iterator[Line]:
    """One line for each of several exercises."""
    for exercise, verdict in judged:
        mark, role = MARKS["green" if verdict.passed else "red"]
        ending = {"passed": "green", "failed": "red", "error": "red: an error in the file"}
        told = ending.get(verdict.ending, f"red: {verdict.ending}")
        yield Line(f"{mark} {exercise.number:<3} {exercise.key:<24} {told}", role)
    green = sum(verdict.passed for _, verdict in judged)
    yield Line(f"{green} of {len(judged)} green")


def checked_lines(checked: Checked) -> Iterator[Line]:
    """One line for an exercise that was proved; what is wrong with it below."""
    counts = checked.answers
    told = [f"{counts['right']} right", f"{counts['wrong']} wrong"] if counts else []
    if not checked.complaints:
        parts = ["shipped red", "solution green", *told, f"{checked.seconds:.1f} s"] if counts else ["as a whole"]
        yield Line(f"✓ {checked.name:<26} {' · '.join(parts)}", "green")
        return
    problems = "1 problem" if len(checked.complaints) == 1 else f"{len(checked.complaints)} problems"
    yield Line(f"✗ {checked.name:<26} {' · '.join([problems, *told])}", "red")
    for complaint in checked.complaints:
        yield Line(complaint.where, "title", 4)
        yield Line(complaint.text, indent=6)


def listing(
    exercises: Sequence[Exercise], status: Mapping[str, str], spent: Mapping[str, float], width: int
) -> Iterator[Line]:
    """Exercises under their topics, with their statuses and the seconds spent on them."""
    topic = ""
    for exercise in exercises:
        if exercise.topic != topic:
            topic = exercise.topic
            yield BLANK
            yield Line(topic, "title")
        reached = status.get(exercise.key, "")
        mark, role = MARKS[reached]
        told = [reached, _minutes(spent.get(exercise.key, 0))]
        if width < WIDE_ENOUGH:
            text = " ".join([mark, exercise.number, exercise.key, *told]).replace("  ", " ")
        else:
            text = f"{mark} {exercise.number:<3} {exercise.key:<24} {told[0]:<5} {told[1]:>7}"
        yield Line(text.rstrip(), role, 2)


def _minutes(seconds: float) -> str:
    """How long somebody was at something: `12 min`, `2.5 h`; nothing for next to nothing."""
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{round(seconds / 60)} min" if seconds > HALF_A_MINUTE else ""


def attempts(exercise: Exercise, found: Sequence[Attempt]) -> Iterator[Line]:
    """One line for each attempt: when, and what it came to."""
    if not found:
        yield Line(f"No attempt at {exercise.title} yet.")
        return
    for attempt in found:
        mark, role = MARKS["green" if attempt.ending == "passed" else "red"]
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(attempt.judged))
        told = "green" if attempt.ending == "passed" else "red: " + (", ".join(attempt.failing) or attempt.ending)
        yield Line(f"{mark} {attempt.number:>3}  {when}  {told}", role)
    yield Line(f"redloop history {exercise.number} {found[-1].number} prints the text of that one.", "quiet")


def finding_lines(finding: Finding) -> Iterator[Line]:
    """What the doctor found, and the cure."""
    mark, role = MARKS["red" if finding.cure else "green"]
    yield Line(f"{mark} {finding.what:<15} {finding.found}", role)
    if finding.cure:
        yield Line(f"To mend it: {finding.cure}", indent=4)


MARKS: dict[str, tuple[str, Role]] = {"green": ("✓", "green"), "red": ("✗", "red"), "": ("·", "")}
