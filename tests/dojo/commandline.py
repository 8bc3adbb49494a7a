"""The command as tests start it: in a process of its own or, where that proves no less, in this one."""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from redloop import cli
from redloop.dojo import commands
from redloop.dojo.processes import environment
from redloop.dojo.runner import Runner

SOLVED = "async def greet(say, name):\n    return await say(name)\n"
COMMAND = [sys.executable, "-m", "redloop.cli"]


def environ(**changes: str) -> dict[str, str]:
    """Ours without what would change what is printed; redloop is found from any folder, and compiled once."""
    unwanted = ("COLUMNS", "NO_COLOR", "TERM", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in environment().items() if name not in unwanted}
    path = os.pathsep.join(str(Path(each).resolve()) for each in sys.path if each)
    return kept | {"PYTHONPATH": path, "TERM": "xterm-256color"} | changes


@functools.cache
def shared_runner() -> Runner:
    """Two warm workers for all tests; a silent answer is given up quickly."""
    runner = Runner(2, patience=3.0)
    atexit.register(runner.close)
    return runner


def redloop(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and everything that was printed: all of the command but its own process and its own workers."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with (
        mock.patch.object(sys, "argv", ["redloop", *arguments]),
        mock.patch.object(commands, "Runner", return_value=contextlib.nullcontext(shared_runner())),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        status = cli.run()
    return status, printed.buffer.getvalue().decode("utf-8", "surrogateescape")


def redloop_process(folder: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """The same, in a process."""
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
