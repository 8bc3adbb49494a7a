"""Proves a set of exercises, with the configuration of the set in force.

Every file is there, shipped is red for one reason, solutions and right answers are green, and each wrong answer is red
exactly where its header says.
"""

from __future__ import annotations

import difflib
import importlib.machinery
import re
import sys
import sysconfig
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from redloop.dojo.answers import HeaderError, WrongAnswer, read_wrong
from redloop.dojo.sets import NAME, SetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from redloop.dojo.runner import Runner
    from redloop.dojo.sets import Exercise, Kata
    from redloop.dojo.verdict import Verdict

Role = Literal["shipped", "solution", "right", "wrong"]

# What may make a shipped exercise red: an assertion, a flag of the plugin, or one of its diagnoses.
LESSONS = {"assertion", "flag", "blocking", "leaks", "DeadlockError", "LivelockError", "ScheduleError"}
HINTS = ["1", "2", "3"]


@dataclass(frozen=True)
class Complaint:
    """Something wrong with a set: in which file (from the set's or the solutions' folder on), and what to do."""

    where: str
    text: str


@dataclass(frozen=True)
class Checked:
    """What checking one exercise, or the set as a whole, came to."""

    name: str
    complaints: tuple[Complaint, ...] = ()
    answers: Counter[Role] = field(default_factory=Counter)
    seconds: float = 0.0


@dataclass(frozen=True)
class _Answer:
    role: Role
    path: Path
    source: bytes
    wrong: WrongAnswer | None = None

    @property
    def where(self) -> str:
        return "/".join(self.path.parts[-3 if self.role in ("right", "wrong") else -2 :])


def check(kata: Kata, exercises: Sequence[Exercise], runner: Runner) -> Iterator[Checked]:
    """Check the set as a whole, then each of these of its exercises in order, as their answers are judged."""
    yield Checked(kata.name, tuple(_whole(kata)))
    plans = [_plan(exercise) for exercise in exercises]
    verdicts = runner.judge_all(
        (exercise, answer.source) for exercise, (_, answers) in zip(exercises, plans, strict=True) for answer in answers
    )
    for exercise, (complaints, answers) in zip(exercises, plans, strict=True):
        judged = list(zip(answers, islice(verdicts, len(answers)), strict=True))
        yield Checked(
            exercise.name,
            (*complaints, *_judged(exercise, judged)),
            Counter(answer.role for answer in answers),
            sum(verdict.seconds for _, verdict in judged),
        )


def _whole(kata: Kata) -> Iterator[Complaint]:
    """What is wrong with the set that no exercise shows by itself."""
    if not (kata.folder / "pytest.ini").is_file():
        yield Complaint("pytest.ini", "is missing: the exercises run with it, here and at the learner's")
    listed = {exercise.name for exercise in kata.exercises}
    for folder in {kata.folder, kata.exercises[0].solutions.parent}:
        for path in sorted(folder.iterdir() if folder.is_dir() else ()):
            if path.is_dir() and NAME.fullmatch(path.name) and path.name not in listed:
                yield Complaint(f"{folder.name}/{path.name}", "is in no topic of kata.toml")
    for what, names in (
        ("number", [exercise.number for exercise in kata.exercises]),
        ("name", [exercise.key for exercise in kata.exercises]),
        ("module", [module for exercise in kata.exercises for module in exercise.modules]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield Complaint("kata.toml", f"{count} exercises have the {what} {name}")


def _plan(exercise: Exercise) -> tuple[list[Complaint], list[_Answer]]:
    """What the files alone show, and the answers to judge; none where the exercise is not whole."""
    if not exercise.folder.is_dir():
        return [Complaint(exercise.name, "is named in kata.toml and has no folder")], []
    try:
        module = exercise.module
    except SetError:
        found = ", ".join(exercise.modules) or "none"
        return [
            Complaint(exercise.name, f"needs one module NAME.py with a test_NAME.py beside it (found: {found})")
        ], []
    complaints = [*_texts(exercise), *_module_name(exercise)]
    paths: list[tuple[Role, Path]] = [("shipped", exercise.shipped), ("solution", exercise.solution)]
    paths += [("right", path) for path in exercise.answers("right")]
    paths += [("wrong", path) for path in exercise.answers("wrong")]
    answers = []
    for role, path in paths:
        try:
            wrong = read_wrong(path) if role == "wrong" else None
            answers.append(_Answer(role, path, path.read_bytes(), wrong))
        except HeaderError as error:
            complaints.append(Complaint(f"{exercise.name}/wrong/{path.name}", str(error)))
        except (OSError, UnicodeDecodeError) as error:
            complaints.append(Complaint(f"{exercise.name}/{path.name}", _unreadable(error)))
    if not any(role == "wrong" for role, _ in paths):
        complaints.append(Complaint(f"{exercise.name}/wrong", f"has no wrong answer: what keeps {module} honest?"))
    return complaints, answers


def _texts(exercise: Exercise) -> Iterator[Complaint]:
    texts = [exercise.folder / "README.md", exercise.solutions / "WHY.md"]
    if not exercise.is_quiz:  # a quiz has no hints: it asks for nothing new
        texts.append(exercise.folder / "hints.md")
    for path in texts:
        where = f"{exercise.name}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            yield Complaint(where, _unreadable(error))
            continue
        if not text.strip():
            yield Complaint(where, "is empty")
        elif path.name == "hints.md":
            parts = re.split(r"^## *(.*?) *$", text, flags=re.MULTILINE)
            if parts[1::2] != HINTS or not all(part.strip() for part in parts[2::2]):
                yield Complaint(where, "should have three hints, under `## 1`, `## 2` and `## 3`")
    if "# TODO:" not in exercise.shipped.read_text(encoding="utf-8", errors="replace"):
        yield Complaint(f"{exercise.name}/{exercise.shipped.name}", "has no `# TODO:` at the spot")


def _module_name(exercise: Exercise) -> Iterator[Complaint]:
    for name in (exercise.module, exercise.test.stem):
        if name in sys.stdlib_module_names:
            yield Complaint(exercise.name, f"{name}.py hides the standard library's module {name}: choose another name")
        elif importlib.machinery.PathFinder.find_spec(name, [sysconfig.get_path("purelib")]) is not None:
            yield Complaint(exercise.name, f"{name}.py hides an installed package of that name: choose another name")


def _judged(exercise: Exercise, judged: list[tuple[_Answer, Verdict]]) -> Iterator[Complaint]:
    """What is wrong with the verdicts on all answers of one exercise."""
    tests = next((_functions(verdict) for answer, verdict in judged if answer.role == "solution"), frozenset[str]())
    for answer, verdict in judged:
        if answer.wrong is not None:
            complaint = _wrong(answer.wrong, verdict, tests)
        elif answer.role == "shipped":
            complaint = _shipped(verdict)
        else:
            complaint = "" if verdict.passed else f"should be green: {_how(verdict)}"
        if complaint:
            yield Complaint(answer.where, complaint)
    killed = frozenset[str]().union(*(verdict.failing for answer, verdict in judged if answer.wrong is not None))
    for name in sorted(tests - killed) if any(answer.wrong for answer, _ in judged) else ():
        yield Complaint(f"{exercise.name}/{exercise.test.name}", f"no wrong answer fails {name}: what is it for?")


def _shipped(verdict: Verdict) -> str:
    if verdict.ending != "failed":
        return f"should be red for one reason: {_how(verdict)}"
    shared = frozenset.intersection(*(result.reasons for result in verdict.failed))
    if not shared:
        return f"should be red for one reason, and is for several: {_reasons(verdict)}"
    if not shared & LESSONS:
        return f"should be red by an assertion or a flag whose text is the lesson: {_reasons(verdict)}"
    return ""


def _wrong(wrong: WrongAnswer, verdict: Verdict, tests: frozenset[str]) -> str:
    for name in sorted(wrong.fails - tests) if tests else ():
        near = difflib.get_close_matches(name, tests, n=1)
        return f"its header names {name}, which is no test{f'; is it {near[0]}?' if near else ''}"
    ends_the_process = verdict.ending == "crashed" and verdict.during  # in a test, which its header can name
    if verdict.ending not in ("failed", "passed") and not ends_the_process:
        return f"should fail an assertion: {_how(verdict)}"
    said, seen = _and(wrong.fails - verdict.failing), _and(verdict.failing - wrong.fails)
    instead = "did not" if ends_the_process else "passed"  # what comes after the end does not run
    parts = [f"{said} should fail, as its header says, and {instead}" if said else ""]
    parts += [f"{seen} failed, which its header does not say ({_reasons(verdict)})" if seen else ""]
    return "; ".join(filter(None, parts))


def _functions(verdict: Verdict) -> frozenset[str]:
    return frozenset(result.function for result in verdict.results)


def _how(verdict: Verdict) -> str:
    """How an answer ended, in a few words."""
    if verdict.ending == "failed":
        return f"{_and(verdict.failing)} failed ({_reasons(verdict)})"
    if verdict.ending == "error" and verdict.problem is not None:
        problem = verdict.problem
        at = f" at {problem.in_answer or problem.in_test}" if problem.in_answer or problem.in_test else ""
        return f"{', '.join(problem.types)}{at}: {problem.message.partition(chr(10))[0]}"
    during = f" in {verdict.during}" if verdict.during else ""
    said = verdict.output.strip().splitlines()
    last = f": {said[-1]}" if verdict.ending == "no report" and said else ""
    return f"{verdict.ending}{during}{f' ({verdict.message})' if verdict.message else ''}{last}"


def _reasons(verdict: Verdict) -> str:
    """The first line of what each failing test said, and how the one that ended the process did it."""
    said = [f"{result.function}: {' + '.join(sorted(result.reasons))}: {result.summary}" for result in verdict.failed]
    said += [f"{verdict.during}: {verdict.ending}: {verdict.message}"] if verdict.during else []
    return "; ".join(said)


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _unreadable(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {error.strerror if isinstance(error, OSError) else 'it is not UTF-8'}"
