"""Opens a file at a line in the learner's editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redloop.dojo.verdict import Verdict

GOTO = {"code", "code-insiders", "codium", "cursor", "windsurf"}  # of one family: `code --goto file:line`
COLON = {"subl", "zed", "hx", "helix"}  # `subl file:line`
PLUS = {"vi", "vim", "nvim", "gvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe"}  # `vi +line file`


class EditorError(Exception):
    """There is no editor, or it did not start; the message says what to do."""


def command(path: Path, lineno: int) -> list[str]:
    """What to run: $VISUAL, $EDITOR or, where neither is set, VS Code. Raises EditorError where there is none."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("code" if shutil.which("code") else "")
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        raise EditorError(f"$VISUAL or $EDITOR cannot be read ({error}): {chosen}") from None
    if not words:
        raise EditorError(f"No editor is known. Set one: export EDITOR=nano. Or open {path} yourself.")
    name = Path(words[0]).name
    if name in GOTO:
        return [*words, "--goto", f"{path}:{lineno}"]
    if name in COLON:
        return [*words, f"{path}:{lineno}"]
    if name in PLUS:
        return [*words, f"+{lineno}", str(path)]
    return [*words, str(path)]


def line_to_edit(name: str, answer: bytes, verdict: Verdict | None) -> int:
    """The line of the answer in the file `name` that failed first, else the TODO."""
    problems = [verdict.problem, *(result.problem for result in verdict.failed)] if verdict else []
    positions = [problem.in_answer for problem in problems if problem and problem.in_answer]
    failed = (each.lineno for each in positions if each.filename.endswith(f"/{name}"))
    todo = (number for number, line in enumerate(answer.splitlines(), 1) if b"TODO" in line)
    return next(failed, next(todo, 1))


def edit(path: Path, lineno: int) -> None:
    """Run the editor until it ends; one with a window of its own returns at once. Raises EditorError."""
    words = command(path, lineno)
    try:
        subprocess.run(words, check=False)  # noqa: S603 - the learner's own editor
    except OSError as error:
        raise EditorError(f"{words[0]} did not start: {error.strerror}. Set another: export EDITOR=nano") from None
