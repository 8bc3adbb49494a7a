"""What each command does: reads the set and the workspace, has answers judged, prints, and returns the exit code.

0 fine, 1 red or refused. Errors that a person can mend are raised: `WorkspaceError`, `SetError`,
`UnknownExerciseError`, `JudgeError`; each message is one clear line.
"""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redloop.dojo import aids, files, sets, verdict_views, views, workspace
from redloop.dojo.answers import looks_like
from redloop.dojo.explanation import explain
from redloop.dojo.history import keep
from redloop.dojo.lines import BLANK, Line
from redloop.dojo.progress import NewerError, Progress
from redloop.dojo.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redloop.dojo.screen import Screen
    from redloop.dojo.sets import Exercise, Kata
    from redloop.dojo.verdict import Verdict
    from redloop.dojo.workspace import Workspace

DEFAULT = "redloop-kata"  # the folder that `start` makes where none is named
CORES = os.cpu_count() or 1


def here(say: Callable[[str], None]) -> Workspace | None:
    """The workspace that the current folder is in, or None; `say` is told what had to be mended in it.

    Raises WorkspaceError, SetError for one that cannot be used.
    """
    found = workspace.find(Path.cwd())
    if found is not None:
        try:
            told = Progress(found.state).mend()
        except NewerError as error:
            raise workspace.WorkspaceError(str(error)) from None
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else found.state
            raise workspace.WorkspaceError(f"Your progress cannot be read: {error.strerror} ({where})") from None
        if told:
            say(told)
    elif lost := workspace.without_state(Path.cwd()):
        folder, name = lost
        source = "" if name == sets.load(sets.own()).name else " --set SET"
        raise workspace.WorkspaceError(
            f"The state of the workspace {folder} is gone. Get it back, all other files stay: "
            f"redloop start {shlex.quote(os.path.relpath(folder))}{source}"
        )
    return found


def names(beginning: str) -> list[str]:
    """The names of exercises that begin so, for a shell to complete; the workspace's, or those that came with us."""
    try:
        work = workspace.find(Path.cwd())
        kata = work.kata if work else sets.load(sets.own())
    except (workspace.WorkspaceError, sets.SetError):
        return []
    known = [name for each in kata.exercises for name in (each.name, each.key)]
    return [name for name in known if name.startswith(beginning) and (beginning or name[0].isdigit())]


def start(screen: Screen, folder: Path, source: str | None) -> int:
    """Make a workspace and explain its first red exercise."""
    made = make(folder, source)
    kata = made.kata
    screen.show([Line(f"{kata.title}: {views.exercises(len(kata.exercises))}, in {folder}", "title"), BLANK])
    screen.show(_missing(kata))
    _judge_again(screen, made)
    return go_on(screen, made)


def make(folder: Path, source: str | None) -> Workspace:
    """A new workspace that knows what it was filled with. Raises WorkspaceError, SetError."""
    from redloop.dojo.update import remember

    made = workspace.create(folder, source)
    with suppress(OSError):  # an update then takes every file for the learner's
        remember(made)
    return made


def _judge_again(screen: Screen, work: Workspace) -> None:
    """Find out what is green in a workspace that has answers, and no progress any more."""
    answers = [(each, files.read(work.path(each))) for each in work.kata.exercises]
    begun = [(each, answer) for each, answer in answers if answer not in (None, files.read(each.shipped))]
    if not begun or Progress(work.state).seen():
        return
    screen.show([Line("What was reached here is gone, so the answers are judged again. Hints count from the first.")])
    with Runner(min(CORES, len(begun))) as runner:
        judged = [(*each, verdict) for each, verdict in zip(begun, runner.judge_all(begun), strict=True)]
    _record(screen, work, judged)
    green = sum(verdict.passed for *_, verdict in judged)
    screen.show([Line(f"Begun: {len(judged)}, green: {green}"), BLANK])


def go_on(screen: Screen, work: Workspace) -> int:
    """Explain the first exercise that is not green, and say what to do next."""
    progress = Progress(work.state)
    with Runner() as runner:  # a second worker takes longer to start than it saves
        for exercise in work.kata.exercises:
            if exercise.key in progress.green():
                continue
            verdict = _judge(screen, runner, work, exercise)
            if verdict.passed:
                screen.show(verdict_views.verdict_lines(exercise, verdict, work.shown(exercise)))
                continue
            screen.show([*views.brief(exercise)])
            _explain(screen, runner, work, exercise, verdict)
            screen.show(_what_to_do(work, exercise, watching=screen.is_terminal))
            return 0
    screen.show([Line(f"✓ {views.all_green(work.kata)}. There is nothing left to do here.", "green")])
    return 0


def watch(screen: Screen, work: Workspace) -> int:
    """Watch mode, where the terminal can do it; else as off a terminal."""
    try:
        from redloop.dojo.watch import watch as run
    except ModuleNotFoundError as error:
        if error.name not in ("termios", "tty"):
            raise
        return go_on(screen, work)  # Windows: the kata runs in WSL
    return run(screen, work)


def check(screen: Screen, work: Workspace, names: Sequence[str], *, as_json: bool) -> int:
    """Judge the named exercises, or all of them: one explained, several listed and the first red one explained."""
    exercises = [work.kata.find(name) for name in names] or list(work.kata.exercises)
    answers = [work.answer(exercise) for exercise in exercises]
    with Runner(min(CORES, len(exercises))) as runner:
        verdicts = list(runner.judge_all(zip(exercises, answers, strict=True)))
        judged = list(zip(exercises, verdicts, strict=True))
        _record(screen, work, list(zip(exercises, answers, verdicts, strict=True)))
        if as_json:
            screen.dump({"version": 1, "exercises": [_as_json(work, runner, *each) for each in judged]})
        else:
            _show(screen, runner, work, judged)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def outside(screen: Screen) -> int:
    """Say what comes first, where there is no workspace and nobody to ask."""
    if (Path(DEFAULT) / workspace.STATE / workspace.ORIGIN).exists():
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
    answer = work.answer(exercise)
    verdict = runner.judge(exercise, answer)
    _record(screen, work, [(exercise, answer, verdict)])
    return verdict


def _record(screen: Screen, work: Workspace, judged: Sequence[tuple[Exercise, bytes, Verdict]]) -> None:
    try:
        keep(work, judged)
    except OSError as error:
        screen.show([views.not_kept(work, error)])


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
    screen.show(verdict_views.verdict_lines(exercise, verdict, work.shown(exercise)))
    screen.show(verdict_views.differing_lines(work.differing(exercise)))
    if verdict.passed:
        screen.show(aids.why(exercise))
    explanation = explain(runner, exercise, work.answer(exercise), verdict)
    screen.show(verdict_views.explanation_lines(explanation, screen.canvas))


def _what_to_do(work: Workspace, exercise: Exercise, *, watching: bool = False) -> list[Line]:
    cd = "" if Path.cwd().is_relative_to(work.folder.resolve()) else f"cd {shlex.quote(str(work.folder))} && "
    return [
        BLANK,
        Line("What to do", "title"),
        Line(f"Edit   {work.shown(exercise)}", indent=2),
        *(
            [Line(f"Then   {cd}redloop", indent=2), Line("It judges your answer whenever you save it.", indent=2)]
            if watching
            else [Line(f"Then   {cd}redloop check {exercise.number}", indent=2)]
        ),
    ]


def _after(work: Workspace, exercise: Exercise, verdict: Verdict) -> list[Line]:
    if not verdict.passed:
        return _what_to_do(work, exercise)
    green = Progress(work.state).green()
    left = [each for each in work.kata.exercises if each.key not in green]
    if not left:
        return [BLANK, Line(f"{views.all_green(work.kata)}.", "green")]
    return [BLANK, Line(f"Next: {left[0].title}. Type redloop, and it is explained.")]


def _as_json(work: Workspace, runner: Runner, exercise: Exercise, verdict: Verdict) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "path": str(work.path(exercise)),
        "green": verdict.passed,
        "looks_like": looks_like(runner, exercise, work.answer(exercise), verdict),
        "differing": work.differing(exercise),
        **verdict.to_json(),
    }


def _missing(kata: Kata) -> list[Line]:
    """What the set needs and this environment has not."""
    from importlib import metadata

    lacking = []
    for requirement in kata.requires:
        try:
            metadata.distribution(sets.distribution(requirement))
        except metadata.PackageNotFoundError:
            lacking.append(requirement)
    if not lacking:
        return []
    return [Line(f"Some exercises need more: pip install {' '.join(map(repr, lacking))}"), BLANK]
