"""A learner's attempts: when, what they came to, and the text; one file each, so that a crash can spoil none of them.

Kept in `.redloop/history/NAME/NNNN.json`, by exercise name without the number. Each is written beside its place and
renamed; they never leave this machine.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from redloop.dojo import files
from redloop.dojo.progress import ATTEMPTS, DAMAGED, Progress, locked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict
    from redloop.dojo.workspace import Workspace

BREAK = 600.0  # seconds without an attempt after which somebody did something else


def keep(work: Workspace, judged: Iterable[tuple[Exercise, bytes, Verdict]]) -> None:
    """Keep what was reached: progress, and the attempts; an answer as it was shipped is none. Raises OSError."""
    judged = [each for each in judged if each[2].ending != "no report"]
    Progress(work.state).record({exercise.key: verdict.passed for exercise, _, verdict in judged})
    for exercise, answer, verdict in judged:
        if answer != files.read(exercise.shipped):
            History(work.state).record(exercise.key, answer, verdict)


@dataclass(frozen=True)
class Attempt:
    """One answer that was judged. `judged` is in seconds since 1970; `failing` names test functions."""

    number: int
    judged: float
    ending: str
    failing: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class History:
    """The attempts kept in the folder `state`."""

    state: Path

    def attempts(self, name: str) -> list[Attempt]:
        """The attempts at an exercise, the oldest first; one that cannot be read is left out."""
        return [attempt for number in sorted(self._files(name)) if (attempt := self._load(name, number))]

    def spent(self, name: str) -> float:
        """Seconds from the first sight of an exercise to the last attempt at it, breaks left out."""
        begun = Progress(self.state).begun(name)
        times = [attempt.judged for attempt in self.attempts(name)]
        if begun is not None:
            times.insert(0, begun)
        gaps = (later - earlier for earlier, later in pairwise(times))
        return sum(gap for gap in gaps if 0 < gap <= BREAK)

    def unreadable(self, name: str) -> list[Path]:
        """The files of attempts that cannot be read."""
        return [self._path(name, number) for number in sorted(self._files(name)) if not self._load(name, number)]

    def record(self, name: str, answer: bytes, verdict: Verdict) -> None:
        """Keep an attempt; not one that repeats the last one. Raises OSError."""
        text = answer.decode("utf-8", "surrogateescape")
        with locked(self.state):
            known = self._files(name)
            number = max(known, default=0) + 1
            last = self._load(name, number - 1)
            if last and (last.text, last.ending) == (text, verdict.ending):
                return
            attempt = Attempt(number, time.time(), verdict.ending, tuple(sorted(verdict.failing)), text)
            path = self._path(name, number)
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, json.dumps({"version": 1, **asdict(attempt)}).encode() + b"\n")

    def _load(self, name: str, number: int) -> Attempt | None:
        try:
            data = json.loads(self._path(name, number).read_text(encoding="utf-8"))
            failing = tuple(map(str, data["failing"]))
            return Attempt(number, float(data["judged"]), str(data["ending"]), failing, str(data["text"]))
        except (*DAMAGED, OSError):
            return None

    def _path(self, name: str, number: int) -> Path:
        return self.state / ATTEMPTS / name / f"{number:04}.json"

    def _files(self, name: str) -> list[int]:
        found = (self.state / ATTEMPTS / name).glob("*.json")
        return [int(path.stem) for path in found if re.fullmatch(r"\d+", path.stem)]
