"""Finds an exercise in the list: what is typed narrows it, key by key, and Enter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redloop.dojo import aids, views
from redloop.dojo.keyboard import BACKSPACES, ENTER, ESCAPE
from redloop.dojo.lines import BLANK, Line
from redloop.dojo.sets import UnknownExerciseError

if TYPE_CHECKING:
    from redloop.dojo.keyboard import Keyboard
    from redloop.dojo.screen import Screen
    from redloop.dojo.sets import Exercise
    from redloop.dojo.workspace import Workspace

BY_KEY = "Type a number, a name or a word; Enter goes there, Esc stays."
BY_LINE = "Type a number, a name or a word, then Enter. Enter alone stays."


class Chooser:
    """The list of exercises, and what was typed to find one."""

    def __init__(self, screen: Screen, keyboard: Keyboard, work: Workspace) -> None:
        self._screen = screen
        self._keyboard = keyboard
        self._kata = work.kata
        self._status, self._spent = aids.statuses(work), aids.spent(work)

    def choose(self) -> Exercise | None:
        """The exercise that the learner wants to go to; None to stay."""
        typed = note = ""
        while True:
            self._show(typed, note)
            try:
                typed, done = self._narrowed(typed) if self._screen.redraws else (self._typed_line(), True)
            except (EOFError, OSError):  # the terminal is gone, as whoever reads it next will find
                return None
            note = ""
            if done and not typed.strip():
                return None
            if done:
                try:
                    return self._named(typed)
                except UnknownExerciseError as error:
                    note = str(error)

    def _typed_line(self) -> str:
        return self._keyboard.line(lambda: self._screen.prompt("> "))

    def _narrowed(self, typed: str) -> tuple[str, bool]:
        """What is typed after the next keys, and whether that is all."""
        for key in self._keyboard.pressed():
            if key in (ENTER, ESCAPE):
                return typed if key == ENTER else "", True
            typed = typed[:-1] if key in BACKSPACES else typed + key * key.isprintable()
        return typed, False

    def _named(self, typed: str) -> Exercise:
        """The exercise of that name or number, or the only one that fits. Raises UnknownExerciseError."""
        try:
            return self._kata.find(typed)
        except UnknownExerciseError:
            found = self._kata.search(typed.split(), self._status)
            if not found:
                raise
            if len(found) > 1:
                raise UnknownExerciseError(f"{len(found)} exercises fit. Type more.") from None
            return found[0]

    def _show(self, typed: str, note: str) -> None:
        found = self._kata.search(typed.split(), self._status)
        self._screen.clear()
        self._screen.show(views.listing(found, self._status, self._spent, self._screen.canvas.width))
        self._screen.show([BLANK, *([Line(note)] if note else [])])
        self._screen.show([Line(BY_KEY if self._screen.redraws else BY_LINE, "quiet")])
        if self._screen.redraws:
            self._screen.prompt(f"> {typed}")
