"""The commands that help and tell: list, hint, solution, reset, history, update, doctor; as `commands`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from redloop.dojo import aids, sets, views
from redloop.dojo.history import History
from redloop.dojo.lines import BLANK, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.dojo.screen import Screen
    from redloop.dojo.workspace import Workspace


def show_list(screen: Screen, work: Workspace | None, words: Sequence[str], *, as_json: bool) -> int:
    """List the exercises that the words fit; without a workspace, those of the set that came with redloop."""
    kata = work.kata if work else sets.load(sets.own())
    status = aids.statuses(work) if work else {}
    spent = aids.spent(work) if work else {}
    found = kata.search(words, status)
    if as_json:
        exercises = [
            {
                "name": exercise.name,
                "topic": exercise.topic,
                "status": status.get(exercise.key, ""),
                "seconds": round(spent.get(exercise.key, 0)),
                "path": str(work.path(exercise)) if work else None,
            }
            for exercise in found
        ]
        screen.dump({"version": 1, "name": kata.name, "title": kata.title, "exercises": exercises})
        return 0
    if not found:
        screen.show([Line(f"No exercise fits {' '.join(words)}. redloop list shows them all.")])
        return 1
    green = sum(each == "green" for each in status.values())
    screen.show([Line(f"{kata.title}: {views.exercises(len(kata.exercises))}, {green} green", "title")])
    screen.show(views.listing(found, status, spent, screen.canvas.width))
    screen.show([BLANK, Line("redloop explains the next one." if work else "redloop start makes a folder to work in.")])
    return 0


def hint(screen: Screen, work: Workspace, name: str | None) -> int:
    """Show the next hint for the named exercise, or for the current one."""
    exercise = work.kata.find(name) if name else aids.current(work)
    screen.show([Line(exercise.title, "quiet")])
    try:
        screen.show(aids.next_hint(work, exercise))
    except OSError as error:  # it is shown, and cannot be counted
        screen.show([views.not_kept(work, error)])
    return 0


def solution(screen: Screen, work: Workspace, name: str) -> int:
    """Show the solution and the other right answers, after the pass."""
    exercise = work.kata.find(name)
    try:
        screen.show(aids.solution(work, exercise))
    except aids.TooEarlyError as error:
        raise aids.TooEarlyError(f"{error}. Until then: redloop hint {exercise.number}") from None
    return 0


def reset(screen: Screen, work: Workspace, name: str) -> int:
    """Give back the shipped files; what was there is kept beside them."""
    screen.show(aids.reset(work, work.kata.find(name)))
    return 0


def show_history(screen: Screen, work: Workspace, name: str, number: int | None) -> int:
    """List the attempts at an exercise, or print the text of one as it was."""
    exercise = work.kata.find(name)
    attempts = History(work.state).attempts(exercise.key)
    if number is None:
        screen.show(views.attempts(exercise, attempts))
        for path in History(work.state).unreadable(exercise.key):
            screen.show([Line(f"Note: {path.relative_to(work.folder)} is an attempt that cannot be read", "quiet")])
        return 0
    for attempt in attempts:
        if attempt.number == number:
            screen.write(attempt.text)
            return 0
    known = f"1 to {attempts[-1].number}" if attempts else "none"
    screen.show([Line(f"There is no attempt {number} at {exercise.title}: there are {known}.")])
    return 1


def update_workspace(screen: Screen, work: Workspace) -> int:
    """Bring a workspace up to its set."""
    from redloop.dojo.update import update

    told = {
        "kept": "is yours, and stays; the set has another by now",
        "added": "is new",
        "updated": "is brought up to date",
    }
    done = list(update(work))
    screen.show(
        Line(f"{name} {told.get(what, what)}") if what != "renamed" else Line(f"renamed {name}") for what, name in done
    )
    screen.show([Line(f"{work.kata.title}: {views.exercises(len(work.kata.exercises))}, up to date.", "green")])
    return 0


def doctor(screen: Screen, work: Workspace | None) -> int:
    """Look at everything that redloop needs; 1 where something is wrong."""
    from redloop.dojo.doctor import examine

    wrong = 0
    for finding in examine(work.kata if work else sets.load(sets.own()), work, sys.stdout):
        wrong += bool(finding.cure)
        screen.show(views.finding_lines(finding))
    screen.show([BLANK, Line(f"✗ {wrong} to mend" if wrong else "✓ All is well", "red" if wrong else "green")])
    return 1 if wrong else 0
