# ruff: noqa: T201 - a command prints
"""How long all exercises take against their solutions: `python tests/bench/kata.py`. Nothing is asserted.

A workspace in which everything is solved, and `pytest` in it: one process for all. A second is one of a test's body,
so the start of pytest is in the last line alone. CPU seconds are what an idle machine would take at least.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PLUGIN = Path(__file__).parents[2] / "plugin"
sys.path.insert(0, str(PLUGIN))

from redloop.dojo import sets  # noqa: E402 - this repository's
from redloop.dojo.processes import environment  # noqa: E402 - so is this


def solve(folder: Path) -> sets.Kata:
    """Make `folder` a workspace in which each exercise has its solution; the set."""
    kata = sets.load(sets.own())
    shutil.copytree(kata.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for exercise in kata.exercises:
        shutil.copyfile(exercise.solution, folder / exercise.name / exercise.shipped.name)
    return kata


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`pytest` there, with what the kata needs and nothing else that is installed."""
    plugins = [f"-p{name}" for name in ("asyncio", "timeout", "hypothesispytest", "redloop.pytest_plugin")]
    command = [sys.executable, "-m", "pytest", "-pno:cacheprovider", "--color=no", *plugins, *options]
    env = environment() | {"PYTHONPATH": os.pathsep.join((str(PLUGIN), os.environ.get("PYTHONPATH", "")))}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def main() -> None:
    """Print a line for each topic, and one for all."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve() / "kata"
        kata = solve(folder)
        began = time.monotonic()
        done = run(folder, "-q", "--durations=0", "-vv")
        taken = time.monotonic() - began
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    seconds = Counter[str]()
    for said, name in re.findall(r"^([\d.]+)s \w+ +(\w+)/", done.stdout, re.MULTILINE):
        seconds[name] += float(said)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for topic in dict.fromkeys(exercise.topic for exercise in kata.exercises):
        own = {each.name: seconds[each.name] for each in kata.exercises if each.topic == topic}
        slowest = max(own, key=own.__getitem__)
        print(f"{topic:<24} {sum(own.values()):6.2f} s, most of it in {slowest}: {own[slowest]:.2f} s")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{'all, pytest included':<24} {taken:6.2f} s, {used.ru_utime + used.ru_stime:.2f} CPU s")


if __name__ == "__main__":
    main()
