# ruff: noqa: T201 - a command prints
"""How long a learner waits: `python tests/bench/watch.py [--saves N] [--seconds S] [EXERCISE …]`. Nothing is asserted.

`redloop` runs in a pseudo-terminal. An answer is saved, as editors do it, and the time until the line that says red or
green has come out of the terminal is taken. Red and green answers alternate, each with a text of its own. Below the
table stands where the time goes, each part measured by itself. Other work on the machine goes into all of it: the load
is printed, and the judging child's CPU seconds tell what an idle machine would take at least.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

PLUGIN = Path(__file__).parents[2] / "plugin"
sys.path.insert(0, str(PLUGIN))

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redloop.dojo.sets import Exercise

EXERCISES = ("01", "04", "08", "17", "24", "28", "29", "38")
COMMAND = (sys.executable, "-m", "redloop.cli")
os.environ |= {"PYTHONPATH": str(PLUGIN), "TERM": "xterm-256color"}
LONGEST = 30.0  # seconds after which something is wrong


class Terminal:
    """redloop in a pseudo-terminal, read as fast as it writes."""

    def __init__(self, folder: Path) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(sys.executable, COMMAND, os.environ)  # noqa: S606 - that is what this is about
        self._seen = b""

    def until(self, *texts: str) -> str:
        """Wait until one of the texts has come out; which one."""
        end = time.monotonic() + LONGEST
        while True:
            for text in texts:
                _, found, after = self._seen.partition(text.encode())
                if found:
                    self._seen = after
                    return text
            if not select.select([self._terminal], [], [], max(end - time.monotonic(), 0))[0]:
                sys.exit(f"waited {LONGEST:.0f} s for {texts}, and saw {self._seen!r}")
            self._seen += os.read(self._terminal, 65536)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._terminal, keys.encode())

    def close(self) -> None:
        """Quit."""
        self.press("q")
        with contextlib.suppress(OSError):
            while os.read(self._terminal, 65536):
                pass
        os.waitpid(self.pid, 0)
        os.close(self._terminal)


def answers(exercise: Exercise, count: int) -> Iterator[tuple[str, bytes]]:
    """What the verdict will be, and an answer: the solution and the shipped one in turn, no two with the same text."""
    for number in range(count):
        verdict, path = (("green", exercise.solution), ("red", exercise.shipped))[number % 2]
        yield verdict, path.read_bytes() + f"# {number}\n".encode()


def save(path: Path, text: bytes) -> float:
    """Write beside and rename; when that was done."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_bytes(text)
    os.replace(beside, path)
    return time.perf_counter()


def saves(terminal: Terminal, path: Path, exercise: Exercise, options: argparse.Namespace) -> list[float]:
    """Seconds from a save to its verdict on the screen; as many as there is time for."""
    taken: list[float] = []
    end = time.monotonic() + options.seconds / len(options.exercises)
    for verdict, text in answers(exercise, options.saves):
        if len(taken) > 1 and time.monotonic() > end:
            break
        began = save(path, text)
        seen = terminal.until(" is red", " is green")
        taken.append(time.perf_counter() - began)
        if seen != f" is {verdict}":
            sys.exit(f"{exercise.name}: want {verdict}, and it{seen}")
        terminal.until("q quit")
        time.sleep(options.pause)  # nobody saves again at once
    return taken


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies."""
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def row(name: str, values: Sequence[float]) -> str:
    """Milliseconds."""
    median, late = statistics.median(values) * 1e3, quantile(values, 0.95) * 1e3
    return f"{name:<26} {len(values):>5} {median:>8.0f} {late:>8.0f} {max(values) * 1e3:>8.0f}"


def parts(exercise: Exercise, count: int) -> Iterator[str]:
    """Where the time goes: a line for each part."""
    from redloop.dojo import verdict_views
    from redloop.dojo.bench import Bench
    from redloop.dojo.runner import Runner
    from redloop.dojo.saves import Saves
    from redloop.dojo.screen import Screen

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, exercise.shipped.name)
        path.write_bytes(b"")
        woken = threading.Event()
        heard = []
        with Saves([path], woken.set):
            time.sleep(0.5)
            for _, text in answers(exercise, count):
                woken.clear()
                began = save(path, text)
                woken.wait(LONGEST)
                heard.append(time.perf_counter() - began)
                time.sleep(0.1)
    yield row("  a save is heard of", heard)

    copied, ready, cold, used = [], [], [], []
    with Runner() as runner:
        verdict = runner.judge(exercise, exercise.shipped.read_bytes())
        for prepared, taken in ((True, ready), (False, cold)):
            for _, text in answers(exercise, count):
                if prepared:
                    runner.prepare(exercise)
                    time.sleep(0.4)
                began = time.perf_counter()
                judged = runner.judge(exercise, text)
                taken.append(time.perf_counter() - began)
                if prepared:
                    used.append(sum(result.seconds for result in judged.results))
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            began = time.perf_counter()
            bench = Bench(exercise, Path(folder))
            copied.append(time.perf_counter() - began)
            bench.close()
    yield row("  judged, prepared", ready)
    yield row("    of that, in tests", used)
    yield row("  judged, not prepared", cold)
    yield row("    of that, copying", copied)

    master, slave = pty.openpty()
    drawn = []
    with open(slave, "w", encoding="utf-8") as file:
        screen = Screen(file)
        for _ in range(count):
            began = time.perf_counter()
            screen.clear()
            screen.show(verdict_views.verdict_lines(exercise, verdict, "file.py"))
            drawn.append(time.perf_counter() - began)
            os.read(master, 1 << 20)
    os.close(master)
    yield row("  a red verdict is shown", drawn)


def main() -> None:
    """Print the table."""
    from redloop.dojo import sets

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*", default=EXERCISES)
    parser.add_argument("--saves", type=int, default=12, help="for each exercise")
    parser.add_argument("--seconds", type=float, default=80, help="for all saves: a busy machine makes fewer")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between a screen and the next save")
    options = parser.parse_args()
    kata = sets.load(sets.own())
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'milliseconds':<26} {'saves':>5} {'median':>8} {'95 %':>8} {'worst':>8}")
    every = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve() / "work"
        subprocess.run([*COMMAND, "start", str(work)], check=True, capture_output=True)
        for exercise in map(kata.find, options.exercises):
            state = work / ".redloop" / "progress.json"
            state.write_text(json.dumps({"exercises": {}, "current": exercise.key}))
            terminal = Terminal(work)
            terminal.until("q quit")
            time.sleep(0.5)  # the next child is prepared
            path = work / exercise.name / exercise.shipped.name
            taken = saves(terminal, path, exercise, options)
            terminal.close()
            every += taken
            print(row(exercise.name, taken), flush=True)
    print(row("all", every), flush=True)
    exercise = kata.find(options.exercises[0])
    print(f"parts, {exercise.name}")
    for line in parts(exercise, options.saves):
        print(line, flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
