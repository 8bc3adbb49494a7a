"""The command as tests start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from redloop.dojo.processes import environment

SOLVED = "async def greet(say, name):\n    return await say(name)\n"
COMMAND = [sys.executable, "-m", "redloop.cli"]


def environ(**changes: str) -> dict[str, str]:
    """Ours without what would change what is printed; redloop is found from any folder, and compiled once."""
    unwanted = ("COLUMNS", "NO_COLOR", "TERM", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in environment().items() if name not in unwanted}
    path = os.pathsep.join(str(Path(each).resolve()) for each in sys.path if each)
    return kept | {"PYTHONPATH": path, "TERM": "xterm-256color"} | changes


def redloop(folder: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """The exit code and everything that was printed."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environ(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout
