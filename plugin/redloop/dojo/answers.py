"""The answers whose mistake is known: what a wrong answer's first lines say, and which one a learner's looks like."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from redloop.dojo.runner import Runner
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict

FAILS = "# fails:"
LOOKS_LIKE = "# looks like:"
ALIKE = 0.6  # below this share of common code two answers have nothing to do with each other

# What may differ between two messages of one assertion: texts, collections of up to one more level, and numbers.
VALUE = re.compile(
    r"""
    '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*"
    | [\[({](?:[^][(){}]|[\[({][^][(){}]*[])}])*[])}]
    | [-+]?\d[\d.,]*(?:e[-+]?\d+)?
    """,
    re.VERBOSE,
)


class HeaderError(ValueError):
    """A wrong answer whose first lines do not say what they should; the message says which."""


@dataclass(frozen=True)
class WrongAnswer:
    """A plausible wrong answer: the test functions that it fails, and what it did, as a sentence for learners."""

    path: Path
    fails: frozenset[str]
    looks_like: str


def read_wrong(path: Path) -> WrongAnswer:
    """The wrong answer in `path`. Raises HeaderError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for wanted, line in zip((FAILS, LOOKS_LIKE), [*lines, "", ""], strict=False):
        if not line.startswith(wanted) or not line.removeprefix(wanted).strip():
            raise HeaderError(f"its first two lines should be `{FAILS} test_…` and `{LOOKS_LIKE} …`")
    names = lines[0].removeprefix(FAILS).replace(",", " ").split()
    return WrongAnswer(path, frozenset(names), lines[1].removeprefix(LOOKS_LIKE).strip())


def looks_like(
    runner: Runner,
    exercise: Exercise,
    answer: bytes,
    verdict: Verdict,
    memory: dict[tuple[str, bytes], Verdict] | None = None,
) -> str:
    """What a known wrong answer did that fails, or ends the process, in the same tests, signals and words; or nothing.

    Several mistakes may look so, the shipped one among them. Then the one speaks whose messages are the same to the
    last digit and, if that is not one alone, whose code is nearest. A learner who has not begun is told nothing.
    `memory` keeps the verdicts on known answers from one call to the next.
    """
    if verdict.ending not in ("failed", "crashed"):
        return ""
    known = [wrong for wrong in _readable(exercise) if wrong.fails == verdict.failing]
    if not known:
        return ""
    sources = [exercise.shipped.read_bytes(), *(wrong.path.read_bytes() for wrong in known)]
    memory = {} if memory is None else memory
    new = [source for source in sources if (exercise.name, source) not in memory]
    for source, judged in zip(new, runner.judge_all([(exercise, source) for source in new]), strict=True):
        memory[exercise.name, source] = judged
    sentences = ["", *(wrong.looks_like for wrong in known)]
    alike = [
        (_said(judged) == _said(verdict), _alike(answer, source), sentence)
        for source, sentence in zip(sources, sentences, strict=True)
        if (judged := memory[exercise.name, source]).signals == verdict.signals and _words(judged) == _words(verdict)
    ]
    _, nearest, sentence = max(alike, default=(False, 0.0, ""))
    return sentence if nearest >= ALIKE else ""


def _said(verdict: Verdict) -> frozenset[tuple[str, str]]:
    """What each failed test said, and how the process ended where it did."""
    return frozenset({(verdict.during, verdict.message), *((result.name, result.summary) for result in verdict.failed)})


def _words(verdict: Verdict) -> frozenset[tuple[str, str]]:
    """The same, whatever the values were with which they said it."""
    return frozenset((name.partition("[")[0], VALUE.sub("…", said)) for name, said in _said(verdict))


def _readable(exercise: Exercise) -> list[WrongAnswer]:
    """The wrong answers of an exercise; one with a broken header is for `author check` to complain about."""
    found = []
    for path in exercise.answers("wrong"):
        try:
            found.append(read_wrong(path))
        except (HeaderError, OSError, UnicodeDecodeError):
            continue
    return found


def _alike(one: bytes, other: bytes) -> float:
    """How much code two modules share, from 0 to 1; comments, docstrings and annotations do not count."""
    return difflib.SequenceMatcher(None, _skeleton(one), _skeleton(other), autojunk=False).ratio()


def _skeleton(source: bytes) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute | ast.arg):
            names.append(
                node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            )
        elif isinstance(node, ast.stmt | ast.expr | ast.comprehension):
            names.append(type(node).__name__)
    return names
