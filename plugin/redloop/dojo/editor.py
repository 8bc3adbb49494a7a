"""Opens a file at a line in the learner's editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

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


def edit(path: Path, lineno: int) -> None:
    """Run the editor until it ends; one with a window of its own returns at once. Raises EditorError."""
    words = command(path, lineno)
    try:
        subprocess.run(words, check=False)  # noqa: S603 - the learner's own editor
    except OSError as error:
        raise EditorError(f"{words[0]} did not start: {error.strerror}. Set another: export EDITOR=nano") from None
