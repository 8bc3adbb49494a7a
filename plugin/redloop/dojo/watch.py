"""Watch mode: the current exercise, judged on every save, and a key for everything else.

One thread owns the screen and the state. It sleeps until a key, a save or a verdict arrives; saves and verdicts come
from other threads, which put a function into a queue and wake it through a pipe.
"""

from __future__ import annotations

import os
import select
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from redloop.dojo import aids, editor, verdict_views, views
from redloop.dojo.chooser import Chooser
from redloop.dojo.explanation import Explanation, explain
from redloop.dojo.history import keep
from redloop.dojo.inbox import Inbox
from redloop.dojo.keyboard import ENTER, Keyboard
from redloop.dojo.lines import BLANK, Line
from redloop.dojo.processes import JudgeError
from redloop.dojo.progress import Progress
from redloop.dojo.runner import Runner
from redloop.dojo.saves import Saves
from redloop.dojo.workspace import AnswerError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from redloop.dojo.screen import Screen
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict
    from redloop.dojo.workspace import Workspace

THREADS = 3  # one judges, one prepares for the next answer, one explains


def watch(screen: Screen, work: Workspace) -> int:
    """Watch until the learner quits; the exit code. Needs a terminal for input and output."""
    with ExitStack() as stack:
        keyboard = stack.enter_context(Keyboard())
        runner, explainer = stack.enter_context(Runner()), stack.enter_context(Runner())
        session = Session(screen, work, runner, explainer, keyboard)
        stack.callback(session.close)
        session.saves = stack.enter_context(Saves(map(work.path, work.kata.exercises), session.inbox.wake))
        session.run()
    return 0


class Session:
    """A learner at an exercise.

    `runner` judges the answer and nothing else, so that it is always ready for the next one; `explainer` judges what
    the answer is compared with.
    """

    saves: Saves

    def __init__(self, screen: Screen, work: Workspace, runner: Runner, explainer: Runner, keyboard: Keyboard) -> None:
        self._screen = screen
        self._work = work
        self._runner = runner
        self._explainer = explainer
        self._keyboard = keyboard
        self._progress = Progress(work.state)
        self.inbox = Inbox()
        self._pool = ThreadPoolExecutor(THREADS, "redloop judge")
        self._judging: Future[Verdict] | None = None
        self._again = False  # the answer was saved while it was being judged
        self._told_polling = False
        self._running = True
        self._verdict: Verdict | None = None  # on the answer as it was judged last
        self._answer = b""
        self._memory: dict[tuple[str, bytes], Verdict] = {}
        self.exercise = aids.current(work)
        self._actions: dict[str, Callable[[], None]] = {
            "h": self._hint,
            "n": self._next,
            "p": self._previous,
            "l": self._list,
            "r": self._reset,
            "s": self._solution,
            "e": self._edit,
            "q": self._quit,
            ENTER: self._judge,
            " ": self._judge,
        }

    def run(self) -> None:
        """React to keys, saves and verdicts until the learner quits or the terminal is gone."""
        self._arrive(self.exercise)
        while self._running:
            wakers = [self._keyboard.descriptor, self.inbox.descriptor]
            ready, _, _ = select.select(wakers, [], [], self.saves.interval)
            self.inbox.drain()  # first: what wakes us from now on comes after the look
            self._on_saves(self.saves.changed())
            self.inbox.empty()
            if self._keyboard.descriptor in ready:
                self._on_keys()

    def close(self) -> None:
        """End what is being judged; the threads that waited for it end with it."""
        self._running = False
        self._runner.close()
        self._explainer.close()
        self._pool.shutdown(cancel_futures=True)
        self.inbox.close()

    def _on_keys(self) -> None:
        try:
            keys = self._keyboard.pressed()
        except (EOFError, OSError):  # the terminal is gone
            self._quit()
            return
        for key in keys:
            if self._running and (action := self._actions.get(key.lower())):
                self._safely(action)

    def _on_saves(self, changed: set[Path]) -> None:
        if self.saves.polling and not self._told_polling:
            self._told_polling = True
            self._show([Line(f"Note: {self.saves.polling}, so saves are looked for ten times a second.", "quiet")])
        if not changed:
            return
        if self._work.path(self.exercise) in changed:
            self._judge()
            return
        saved = [each for each in self._work.kata.exercises if self._work.path(each) in changed]
        names = " and ".join(each.title for each in saved)
        self._show([Line(f"Saved: {names}. You are at {self.exercise.title}; l goes elsewhere.", "quiet")])

    def _arrive(self, exercise: Exercise, *, note: Iterable[Line] = ()) -> None:
        """Show another exercise, and judge its answer as it is."""
        self.exercise = exercise
        self._verdict = None
        self._screen.clear()
        exercises = self._work.kata.exercises
        self._show(note)
        self._show([Line(f"{exercise.title} · {exercises.index(exercise) + 1} of {len(exercises)}", "quiet")])
        self._show([BLANK, *views.brief(exercise)])
        try:
            self._progress.go_to(exercise.key)
        except OSError as error:
            self._cannot_keep(error)
        self._judge()

    def _judge(self) -> None:
        """Have the answer judged as it is now; whatever is going on about an older text ends."""
        self._explainer.interrupt()
        if self._judging is not None:
            self._again = True
            self._runner.interrupt()
            return
        try:
            self._answer = self._work.answer(self.exercise)
        except WorkspaceError as error:
            told = f"{error.what}. r gets the shipped one back" if isinstance(error, AnswerError) else str(error)
            self._show([Line(f"✗ {told}", "red"), *self._footer()])
            return
        exercise = self.exercise
        self._judging = self._pool.submit(self._runner.judge, exercise, self._answer)
        self._judging.add_done_callback(lambda done: self._post(lambda: self._judged(exercise, done)))

    def _judged(self, exercise: Exercise, done: Future[Verdict]) -> None:
        self._judging = None
        again, self._again = self._again, False
        if again or exercise is not self.exercise:  # this verdict is on a text that is gone
            self._judge()
            return
        try:
            verdict = done.result()
        except (JudgeError, OSError) as error:  # a full disk, for one
            self._show([Line(f"✗ {error}", "red"), *self._footer()])
            return
        if self._verdict is not None:
            self._screen.clear()
        self._verdict = verdict
        self._show(verdict_views.verdict_lines(exercise, verdict, self._work.shown(exercise)))
        self._record(exercise, self._answer, verdict)
        self._show(verdict_views.differing_lines(self._work.differing(exercise)))
        if verdict.passed:
            self._show(aids.why(exercise))
        self._pool.submit(self._runner.prepare, exercise)
        explained = self._pool.submit(explain, self._explainer, exercise, self._answer, verdict, self._memory)
        explained.add_done_callback(lambda done: self._post(lambda: self._explained(verdict, done)))

    def _explained(self, verdict: Verdict, done: Future[Explanation]) -> None:
        """End what is said about a verdict, unless the screen shows something else by now."""
        if verdict is not self._verdict or self._judging is not None:
            return
        if done.exception() is None:
            self._show(verdict_views.explanation_lines(done.result(), self._screen.canvas))
        self._show(self._footer())

    def _post(self, news: Callable[[], None]) -> None:
        if self._running:
            self.inbox.post(news)

    def _record(self, exercise: Exercise, answer: bytes, verdict: Verdict) -> None:
        try:
            keep(self._work, [(exercise, answer, verdict)])
        except OSError as error:
            self._cannot_keep(error)

    def _hint(self) -> None:
        self._show([BLANK])
        self._show(aids.next_hint(self._work, self.exercise))  # line by line: to count it may fail, at the end
        self._show(self._footer())

    def _next(self) -> None:
        """The next exercise; after a pass, the next one that is not green."""
        exercises = self._work.kata.exercises
        at = exercises.index(self.exercise) + 1
        if self._verdict is None or not self._verdict.passed:
            if at == len(exercises):
                self._show([Line("This is the last one. p goes back, l goes anywhere.")])
                return
            self._arrive(exercises[at])
            return
        green = self._progress.green()
        left = [each for each in (*exercises[at:], *exercises[:at]) if each.key not in green]
        if left:
            self._arrive(left[0])
        else:
            self._show([Line(f"✓ {views.all_green(self._work.kata)}. l goes back to any of them.", "green")])

    def _previous(self) -> None:
        if at := (exercises := self._work.kata.exercises).index(self.exercise):
            self._arrive(exercises[at - 1])
        else:
            self._show([Line("This is the first one.")])

    def _list(self) -> None:
        self._arrive(Chooser(self._screen, self._keyboard, self._work).choose() or self.exercise)

    def _reset(self) -> None:
        question = f"Get the shipped {self._work.shown(self.exercise)} back? Yours is kept beside it. [y/N]: "
        try:
            answer = self._keyboard.line(lambda: self._screen.prompt(question))
        except EOFError:
            answer = ""
        if answer.lower() in ("y", "yes"):
            self._arrive(self.exercise, note=[*aids.reset(self._work, self.exercise), BLANK])
        else:
            self._show([Line("Nothing was changed.")])

    def _solution(self) -> None:
        self._show([BLANK, *aids.solution(self._work, self.exercise), *self._footer()])

    def _edit(self) -> None:
        with self._keyboard.released():
            editor.edit(self._work.path(self.exercise), self._lineno())
        self._judge()

    def _quit(self) -> None:
        self._running = False

    def _safely(self, action: Callable[[], None]) -> None:
        try:
            action()
        except aids.TooEarlyError as error:
            self._show([Line(f"{error}. Until then: h gives a hint."), *self._footer()])
        except (editor.EditorError, WorkspaceError) as error:
            self._show([Line(str(error)), *self._footer()])
        except OSError as error:
            self._cannot_keep(error)

    def _show(self, lines: Iterable[Line]) -> None:
        self._screen.show(lines)

    def _cannot_keep(self, error: OSError) -> None:
        self._show([views.not_kept(self._work, error)])

    def _lineno(self) -> int:
        return editor.line_to_edit(self._work.path(self.exercise).name, self._answer, self._verdict)

    def _footer(self) -> list[Line]:
        passed = self._verdict is not None and self._verdict.passed
        green = self._progress.green() & {each.key for each in self._work.kata.exercises}
        path, lineno = Path(os.path.realpath(self._work.path(self.exercise))), self._lineno()
        edit = Line(f"{self._work.shown(self.exercise)}:{lineno}", "code", link=f"{path.as_uri()}#{lineno}")
        count = f"{len(green)} of {len(self._work.kata.exercises)} green"
        return [BLANK, edit, *views.keys(count, passed=passed, width=self._screen.canvas.width)]
