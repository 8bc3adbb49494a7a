"""What redloop needs from a computer, looked at one by one: what was found and, where that is wrong, the cure."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, TextIO

from redloop.dojo import sets
from redloop.dojo.processes import JudgeError
from redloop.dojo.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redloop.dojo.sets import Kata
    from redloop.dojo.workspace import Workspace

NARROWEST = 40  # columns


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `cure` says what to do; it is empty where all is well."""

    what: str
    found: str
    cure: str = ""


def examine(kata: Kata, work: Workspace | None, out: TextIO) -> Iterator[Finding]:
    """Look at everything, the quickest first."""
    yield _system()
    yield _python()
    yield from _packages(kata)
    yield _plugin()
    yield _terminal(out)
    if work is not None:
        yield from _permissions(work)
    yield _judge(kata)


def _system() -> Finding:
    cure = "Use it in WSL: https://learn.microsoft.com/windows/wsl/install" if os.name == "nt" else ""
    return Finding("System", f"{platform.system()} {platform.release()}", cure)


def _python() -> Finding:
    found = f"{platform.python_version()} in {sys.prefix}"
    return Finding("Python", found, "" if sys.version_info >= (3, 11) else "Install Python 3.11 or later")


def _packages(kata: Kata) -> Iterator[Finding]:
    """What the kata's own extra brings, and what the set says that it needs."""
    ours = ("pytest", "pytest-asyncio", "pytest-timeout", "hypothesis", "click", "rich", "watchfiles")
    for name in dict.fromkeys((*ours, *map(sets.distribution, kata.requires))):
        try:
            yield Finding(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            cure = 'pip install "redloop[kata]"' if name in ours else f"pip install {name}"
            yield Finding(name, "is missing", cure)


def _plugin() -> Finding:
    """Whether pytest would load the plugin by itself, as it does where redloop is installed."""
    found = metadata.entry_points(group="pytest11", name="redloop")
    if not found:
        return Finding("Plugin", "pytest does not know it", 'pip install "redloop[kata]" with the Python named above')
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        return Finding("Plugin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD is set", "unset it, or type pytest -p redloop")
    return Finding("Plugin", "pytest loads it")


def _terminal(out: TextIO) -> Finding:
    encoding = out.encoding or "no encoding"
    if not out.isatty():
        return Finding("Terminal", f"none (output goes to a file or a pipe), {encoding}")
    columns = os.get_terminal_size(out.fileno()).columns
    found = f"{os.environ.get('TERM', 'TERM is not set')}, {columns} columns, {encoding}"
    if "utf" not in encoding.lower():
        return Finding("Terminal", found, "export PYTHONUTF8=1, for ✓ and ✗ (x and + are shown until then)")
    return Finding("Terminal", found, f"Make it {NARROWEST} columns wide" if columns < NARROWEST else "")


def _permissions(work: Workspace) -> Iterator[Finding]:
    for folder in (work.state, work.folder):
        try:
            with tempfile.TemporaryFile(dir=folder):
                yield Finding("Writing", f"{folder} can be written")
        except OSError as error:
            yield Finding(
                "Writing", f"{folder}: {error.strerror}", f"chmod u+rwx {shlex.quote(str(folder))}, or free some space"
            )
    unreadable = [path for path in map(work.path, work.kata.exercises) if path.is_file() and not _readable(path)]
    for path in unreadable:
        yield Finding("Reading", f"{path} cannot be read", f"chmod u+rw {shlex.quote(str(path))}")


def _judge(kata: Kata) -> Finding:
    """Have a shipped answer judged, from the start of the process to the verdict."""
    exercise = kata.exercises[0]
    try:
        with Runner() as runner:
            verdict = runner.judge(exercise, exercise.shipped.read_bytes())
    except (JudgeError, OSError, sets.SetError) as error:
        return Finding("Judge", str(error), 'Reinstall: pip install --force-reinstall "redloop[kata]"')
    if verdict.ending == "failed":
        return Finding("Judge", f"{exercise.name} as shipped is red, as it should be, in {verdict.seconds:.1f} s")
    said = (verdict.message or (verdict.problem.message if verdict.problem else "")).partition("\n")[0]
    return Finding(
        "Judge", f"{exercise.name} as shipped ended in: {verdict.ending} {said}".rstrip(), "Please report it"
    )


def _readable(path: Path) -> bool:
    return os.access(path, os.R_OK)
