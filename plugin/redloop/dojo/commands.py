"""What each command does: reads the set and the workspace, has answers judged, prints, and returns the exit code.

0 fine, 1 red or refused. Errors that a person can mend are raised: `WorkspaceError`, `SetError`,
`UnknownExerciseError`, `JudgeError`; each message is one clear line.
"""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redloop.dojo import author, sets, views, workspace
from redloop.dojo.answers import looks_like
from redloop.dojo.progress import Progress
from redloop.dojo.runner import Runner
from redloop.dojo.views import BLANK, Line
from redloop.dojo.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.dojo.screen import Screen
    from redloop.dojo.sets import Exercise, Kata
    from redloop.dojo.verdict import Verdict

DEFAULT = "redloop-kata"  # the folder that `start` makes where none is named
CORES = os.cpu_count() or 1


def here() -> Workspace | None:
    """The workspace that the current folder is in."""
    return workspace.find(Path.cwd())


def start(screen: Screen, folder: Path, source: Path | None) -> int:
    """Make a workspace and explain its first red exercise."""
    made = workspace.create(folder, source or sets.own())
    kata = made.kata
    count = len(kata.exercises)
    screen.show([Line(f"{kata.title}: {count} exercise{'s' * (count > 1)}, in {folder}", "title"), BLANK])
    screen.show(_missing(kata))
    return go_on(screen, made)


def go_on(screen: Screen, work: Workspace) -> int:
    """Explain the first exercise that is not green, and say what to do next."""
    progress = Progress(work.state)
    with Runner(CORES) as runner:
        for exercise in work.kata.exercises:
            if exercise.key in progress.green():
                continue
            verdict = _judge(screen, runner, work, exercise)
            if verdict.passed:
                screen.show(views.verdict_lines(exercise, verdict, _shown(work, exercise)))
                continue
            screen.show([*views.brief(exercise)])
            _explain(screen, runner, work, exercise, verdict)
            screen.show(_what_to_do(work, exercise))
            return 0
    count = len(work.kata.exercises)
    screen.show([Line(f"✓ All {count} exercises are green. There is nothing left to do here.", "green")])
    return 0


def check(screen: Screen, work: Workspace, names: Sequence[str], *, as_json: bool) -> int:
    """Judge the named exercises, or all of them: one explained, several listed and the first red one explained."""
    exercises = [work.kata.find(name) for name in names] or list(work.kata.exercises)
    answers = [work.answer(exercise) for exercise in exercises]
    with Runner(min(CORES, len(exercises))) as runner:
        verdicts = list(runner.judge_all(zip(exercises, answers, strict=True)))
        judged = list(zip(exercises, verdicts, strict=True))
        _record(screen, work, judged)
        if as_json:
            screen.dump({"version": 1, "exercises": [_as_json(work, runner, *each) for each in judged]})
        else:
            _show(screen, runner, work, judged)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def show_list(screen: Screen, work: Workspace | None, *, as_json: bool) -> int:
    """List the exercises with their statuses; without a workspace, those of the set that came with redloop."""
    kata = work.kata if work else sets.load(sets.own())
    status = _status(work)
    if as_json:
        exercises = [
            {
                "name": exercise.name,
                "topic": exercise.topic,
                "status": status.get(exercise.key, ""),
                "path": str(work.path(exercise)) if work else None,
            }
            for exercise in kata.exercises
        ]
        screen.dump({"version": 1, "name": kata.name, "title": kata.title, "exercises": exercises})
        return 0
    green = sum(each == "green" for each in status.values())
    screen.show([Line(f"{kata.title}: {len(kata.exercises)} exercises, {green} green", "title")])
    screen.show(views.listing(kata, status))
    screen.show([BLANK, Line("redloop explains the next one." if work else "redloop start makes a folder to work in.")])
    return 0


def author_check(screen: Screen, source: Path | None) -> int:
    """Prove a set; by default the one in `./kata`, or the one that came with redloop."""
    local = Path("kata")
    kata = sets.load(source or (local if _is_set_with_solutions(local) else sets.own()))
    wrong = 0
    with Runner(CORES) as runner:
        for checked in author.check(kata, runner):
            wrong += len(checked.complaints)
            screen.show(views.checked_lines(checked))
    count = len(kata.exercises)
    if wrong:
        screen.show([BLANK, Line(f"✗ {wrong} problem{'s' * (wrong > 1)} in {kata.folder}", "red")])
        return 1
    screen.show([BLANK, Line(f"✓ {count} exercise{'s' * (count > 1)} proved, in {kata.folder}", "green")])
    return 0


def outside(screen: Screen) -> int:
    """Say what comes first, where there is no workspace and nobody to ask."""
    if (Path(DEFAULT) / workspace.STATE / workspace.MARK).exists():
        screen.show(
            [Line(f"Your workspace is in {DEFAULT}. Go on there:"), Line(f"cd {DEFAULT} && redloop", "code", 2)]
        )
        return 0
    screen.show(
        [
            Line("There is no workspace here. Make one, and the first exercise is explained:"),
            Line(f"redloop start {DEFAULT}", "code", 2),
            Line("Then edit the file that it names, and type redloop again."),
        ]
    )
    return 0


def _judge(screen: Screen, runner: Runner, work: Workspace, exercise: Exercise) -> Verdict:
    verdict = runner.judge(exercise, work.answer(exercise))
    _record(screen, work, [(exercise, verdict)])
    return verdict


def _record(screen: Screen, work: Workspace, judged: Sequence[tuple[Exercise, Verdict]]) -> None:
    """Keep what was reached. A verdict is worth showing even where that cannot be written."""
    try:
        Progress(work.state).record({e.key: v.passed for e, v in judged if v.ending != "no report"})
    except OSError as error:
        screen.show([Line(f"Note: progress could not be kept in {work.state}: {error.strerror}", "quiet")])


def _show(screen: Screen, runner: Runner, work: Workspace, judged: Sequence[tuple[Exercise, Verdict]]) -> None:
    red = [(exercise, verdict) for exercise, verdict in judged if not verdict.passed]
    if len(judged) > 1:
        screen.show(views.summary(judged))
        if red:
            screen.show([BLANK])
    elif not red:
        red = list(judged)
    for exercise, verdict in red[:1]:
        _explain(screen, runner, work, exercise, verdict)
        screen.show(_after(work, exercise, verdict))


def _explain(screen: Screen, runner: Runner, work: Workspace, exercise: Exercise, verdict: Verdict) -> None:
    known = looks_like(runner, exercise, work.answer(exercise), verdict)
    screen.show(views.verdict_lines(exercise, verdict, _shown(work, exercise), known))
    screen.show(views.differing_lines(work.differing(exercise)))


def _what_to_do(work: Workspace, exercise: Exercise) -> list[Line]:
    cd = "" if Path.cwd().is_relative_to(work.folder.resolve()) else f"cd {work.folder} && "
    return [
        BLANK,
        Line("What to do", "title"),
        Line(f"Edit   {_shown(work, exercise)}", indent=2),
        Line(f"Then   {cd}redloop check {exercise.number}", indent=2),
    ]


def _after(work: Workspace, exercise: Exercise, verdict: Verdict) -> list[Line]:
    if not verdict.passed:
        return _what_to_do(work, exercise)
    green = Progress(work.state).green()
    left = [each for each in work.kata.exercises if each.key not in green]
    if not left:
        return [BLANK, Line(f"All {len(work.kata.exercises)} exercises are green.", "green")]
    return [BLANK, Line(f"Next: {views.title(left[0])}. Type redloop, and it is explained.")]


def _as_json(work: Workspace, runner: Runner, exercise: Exercise, verdict: Verdict) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "path": str(work.path(exercise)),
        "green": verdict.passed,
        "looks_like": looks_like(runner, exercise, work.answer(exercise), verdict),
        "differing": work.differing(exercise),
        **verdict.to_json(),
    }


def _status(work: Workspace | None) -> dict[str, str]:
    if work is None:
        return {}
    progress = Progress(work.state)
    green, keys = progress.green(), {exercise.key for exercise in work.kata.exercises}
    return {key: "green" if key in green else "red" for key in progress.seen() & keys}


def _missing(kata: Kata) -> list[Line]:
    """What the set needs and this environment has not."""
    lacking = []
    for requirement in kata.requires:
        try:
            metadata.distribution(sets.distribution(requirement))
        except metadata.PackageNotFoundError:
            lacking.append(requirement)
    if not lacking:
        return []
    return [Line(f"Some exercises need more: pip install {' '.join(map(repr, lacking))}"), BLANK]


def _is_set_with_solutions(folder: Path) -> bool:
    return (folder / "kata.toml").is_file() and any(
        each.is_dir() for each in (folder.parent / "solutions", folder / "solutions")
    )


def _shown(work: Workspace, exercise: Exercise) -> str:
    """The path of the answer as one would type it here."""
    path = work.path(exercise)
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


__all__ = ["DEFAULT", "WorkspaceError", "author_check", "check", "go_on", "here", "outside", "show_list", "start"]
