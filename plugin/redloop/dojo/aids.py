"""What a learner may ask for: a hint, why an answer is right, the solution, the shipped files back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redloop.dojo import files
from redloop.dojo.history import History
from redloop.dojo.lines import BLANK, Line, page
from redloop.dojo.progress import Progress
from redloop.dojo.workspace import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redloop.dojo.sets import Exercise
    from redloop.dojo.workspace import Workspace


class TooEarlyError(Exception):
    """Something that is shown after the pass only."""


def current(work: Workspace) -> Exercise:
    """Where the learner was in watch mode, unless that is green; else the first exercise that is not."""
    progress, exercises = Progress(work.state), work.kata.exercises
    green, name = progress.green(), progress.current
    left = [each for each in exercises if each.key not in green]
    return next((each for each in left if each.key == name), (left or exercises)[0])


def statuses(work: Workspace) -> dict[str, str]:
    """`green` or `red` for each exercise that was judged, by its name without the number."""
    progress = Progress(work.state)
    green, keys = progress.green(), {exercise.key for exercise in work.kata.exercises}
    return {key: "green" if key in green else "red" for key in progress.seen() & keys}


def spent(work: Workspace) -> dict[str, float]:
    """The seconds spent on each exercise that was judged, by its name without the number."""
    history = History(work.state)
    return {key: history.spent(key) for key in statuses(work)}


def hints(exercise: Exercise) -> list[str]:
    """The hints of an exercise, from a question to nearly the answer."""
    return [part.strip() for part in re.split(r"^## .*$", exercise.text("hints.md"), flags=re.MULTILINE)[1:]]


def next_hint(work: Workspace, exercise: Exercise) -> Iterator[Line]:
    """The next hint, counted; after the last one, all of them again."""
    known = hints(exercise)
    if not known:
        yield Line(f"{exercise.title} has no hints.")
        return
    progress = Progress(work.state)
    taken = progress.hints(exercise.key)
    number = min(taken + 1, len(known))
    if taken >= len(known):
        for each in range(1, number):
            yield from _hint(known, each)
            yield BLANK
    yield from _hint(known, number)
    if taken >= len(known):
        yield BLANK
        yield Line("Those were all of them.", "quiet")
        return
    progress.take_hint(exercise.key, number)


def _hint(known: list[str], number: int) -> Iterator[Line]:
    yield Line(f"Hint {number} of {len(known)}", "title")
    yield from page(known[number - 1])


def why(exercise: Exercise) -> Iterator[Line]:
    """WHY.md, for after the pass; nothing where a set has none."""
    if (text := files.read(exercise.solutions / "WHY.md")) is not None:
        yield BLANK
        yield from page(text.decode("utf-8", "replace"))


def solution(work: Workspace, exercise: Exercise) -> Iterator[Line]:
    """The solution and the other right answers. Raises TooEarlyError before the exercise was green."""
    if not Progress(work.state).passed(exercise.key):
        raise TooEarlyError(f"The solution of {exercise.title} is shown once yours is green")
    shown = [("The solution", exercise.solution)]
    shown += [(f"Right as well: {path.stem.replace('_', ' ')}", path) for path in exercise.answers("right")]
    texts = [(heading, text) for heading, path in shown if (text := files.read(path)) is not None]
    for number, (heading, text) in enumerate(texts):
        if number:
            yield BLANK
        yield Line(heading, "title")
        yield from (Line(line, "code", 2) for line in text.decode("utf-8", "replace").rstrip().splitlines())


def reset(work: Workspace, exercise: Exercise) -> Iterator[Line]:
    """Give back the shipped files of an exercise; what differs is kept beside them first. Raises WorkspaceError."""
    place = work.place(exercise)
    changed = False
    try:
        if place.exists() and not place.is_dir():
            yield Line(f"What stood in its place is kept in {_below(work, files.keep(place))}")
            place.unlink(missing_ok=True)
        place.mkdir(exist_ok=True)
        for shipped in sorted(path for path in exercise.folder.iterdir() if path.is_file()):
            mine, text = place / shipped.name, shipped.read_bytes()
            if files.read(mine) == text:
                continue
            changed = True
            kept = files.keep(mine) if mine.exists() else None
            files.write(mine, text)
            yield Line(f"{_below(work, mine)} is as it was shipped.")
            if kept:
                yield Line(f"Yours is kept in {_below(work, kept)}", indent=2)
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else place
        raise WorkspaceError(f"{exercise.title} was not reset: {error.strerror} ({where})") from None
    if not changed:
        yield Line(f"{exercise.title} is as it was shipped already.")


def _below(work: Workspace, path: Path) -> str:
    return str(path.relative_to(work.folder))
