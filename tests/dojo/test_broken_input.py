"""Whatever became of a workspace, its set or its surroundings: a clear line, an exit code, and nothing lost.

`pytest -s tests/dojo/test_broken_input.py` prints the table: what was broken, the exit code, the line.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from dojo.commandline import COMMAND, environ, redloop
from dojo.conftest import write_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MINE = 'async def greet(say, name):\n    return f"hello {name}"\n'
COUNTED = "def count_up(n):\n    return list(range(n))\n"
GREETER, COUNTER, TEST = "01_greet/greeter.py", "02_count_up/counter.py", "02_count_up/test_counter.py"
PROGRESS, ORIGIN, ATTEMPT = ".redloop/progress.json", ".redloop/set.json", ".redloop/history/count_up/0001.json"
FOUND_AGAIN = (
    "redloop: progress.json was damaged, and is kept as .redloop/progress.json.1. "
    "What is green by the history of your attempts is green again: 1"
)
DECIDED = "is not as the set has it. The set's own decided."
COUNT_IS_GREEN = "✓ 02 count_up is green: 3 tests passed"


def as_a_person() -> None:
    """Root may do anything; take from the child what lets it. For anybody else this changes nothing."""
    if os.geteuid() == 0 and sys.platform == "linux":
        libc = ctypes.CDLL(None)
        drop, capabilities = 24, (1, 2)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        for each in capabilities:
            libc.prctl(drop, each, 0, 0, 0)


def on_a_full_disk() -> None:
    """No file may grow any more."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def unreadable(path: Path) -> None:
    path.chmod(0)


def gone(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def a_file(path: Path) -> None:
    gone(path)
    path.write_text("")


def is_(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text)


def read_only(path: Path) -> None:
    for each in (path, *path.rglob("*")):
        each.chmod(each.stat().st_mode & ~0o222)


def beside_the_answer(*names: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        for name in names:
            (path / name).write_text("raise RuntimeError('imported')\n")

    return write


def nothing(path: Path) -> None:
    """It is not the workspace that is broken."""


@dataclass(frozen=True)
class Broken:
    """What is done to which file, what is typed then, and what that comes to."""

    name: str
    path: str
    damage: Callable[[Path], object]
    typed: str
    status: int
    told: str
    limits: Callable[[], None] | None = None
    environment: dict[str, str | None] = field(default_factory=dict)
    as_process: bool = False


TABLE = [
    Broken("progress cut in half", PROGRESS, half, "list", 0, FOUND_AGAIN),
    Broken("progress is no JSON", PROGRESS, is_("hello"), "list", 0, FOUND_AGAIN),
    Broken("progress is other JSON", PROGRESS, is_("[1]"), "list", 0, FOUND_AGAIN),
    Broken("progress is 100,000 brackets", PROGRESS, is_("[" * 100_000), "list", 0, FOUND_AGAIN),
    Broken("progress is a folder", PROGRESS, a_folder, "check 02", 0, FOUND_AGAIN),
    Broken("progress is gone", PROGRESS, gone, "list", 0, "progress.json is gone. What is green"),
    Broken(
        "progress of a later version",
        PROGRESS,
        is_('{"version": 2, "exercises": []}'),
        "list",
        1,
        "progress.json was written by a later redloop. Get that one: pip install -U redloop",
    ),
    Broken("progress unreadable", PROGRESS, unreadable, "list", 1, "cannot be read: Permission denied", as_a_person),
    Broken(
        "note of the set cut in half", ORIGIN, half, "list", 1, "set.json is damaged. It should say which set this is"
    ),
    Broken("note of the set is a folder", ORIGIN, a_folder, "list", 1, "set.json is damaged. It should say which set"),
    Broken(
        "note of the set of a later version", ORIGIN, is_('{"version": 2}'), "list", 1, "was made by a later redloop."
    ),
    Broken(
        "note of the set unreadable", ORIGIN, unreadable, "list", 1, "set.json cannot be read: Permission", as_a_person
    ),
    Broken("state folder unreadable", ".redloop", unreadable, "list", 1, "cannot be read: Permission", as_a_person),
    Broken("state folder is a file", ".redloop", a_file, "check", 1, "is gone. Get it back, all other files stay:"),
    Broken("state folder is a file, start", ".redloop", a_file, "start . --set ../mini/kata", 1, "File exists ("),
    Broken("state folder is gone", ".redloop", gone, "check", 1, "Get it back, all other files stay: redloop start . "),
    Broken("state folder is gone, start", ".redloop", gone, "start . --set ../mini/kata", 0, "Begun: 2, green: 1"),
    Broken("note of the set is gone", ORIGIN, gone, "list", 1, "Get it back, all other files stay: redloop start . "),
    Broken("note of the set is gone, start", ORIGIN, gone, "start . --set ../mini/kata", 0, "✗ 01 greet is red"),
    Broken("lock is a folder", ".redloop/lock", a_folder, "check 02", 0, "progress could not be kept in"),
    Broken("attempt cut in half", ATTEMPT, half, "history 02", 0, f"Note: {ATTEMPT} is an attempt that cannot be read"),
    Broken("attempt is a folder", ATTEMPT, a_folder, "history 02", 0, f"Note: {ATTEMPT} is an attempt that cannot be"),
    Broken("history is a file", ".redloop/history", a_file, "check 02", 0, "progress could not be kept in"),
    Broken("digests cut in half", ".redloop/shipped.json", half, "update", 0, f"{GREETER} is yours, and stays"),
    Broken("answer deleted", GREETER, gone, "check", 1, f"{GREETER} is not there. Get the shipped one back:"),
    Broken("answer is a folder", GREETER, a_folder, "check 01", 1, f"{GREETER} is no file. Get the shipped one back:"),
    Broken("answer is a folder, reset", GREETER, a_folder, "reset 01", 0, f"Yours is kept in {GREETER}.1"),
    Broken("answer is a pipe", GREETER, a_pipe, "check 01", 1, f"{GREETER} is no file. Get the shipped one back:"),
    Broken("answer is a symlink in a circle", GREETER, a_circle, "check 01", 1, "Too many levels of symbolic links."),
    Broken("answer is a circle, reset", GREETER, a_circle, "reset 01", 0, f"{GREETER} is as it was shipped."),
    Broken("answer unreadable", GREETER, unreadable, "check 01", 1, f"Type: chmod u+rw {GREETER}", as_a_person),
    Broken("exercise deleted", "01_greet", gone, "check 01", 1, f"{GREETER} is not there. Get the shipped one back:"),
    Broken("exercise deleted, reset", "01_greet", gone, "reset 01", 0, f"{GREETER} is as it was shipped."),
    Broken("exercise is a file", "01_greet", a_file, "check 01", 1, f"{GREETER} cannot be read: Not a directory."),
    Broken("exercise is a file, reset", "01_greet", a_file, "reset 01", 0, "is kept in 01_greet.1"),
    Broken("exercise unreadable", "01_greet", unreadable, "check 01", 1, "cannot be read: Permission", as_a_person),
    Broken("test deleted", TEST, gone, "check 02", 0, f"Note: {TEST} {DECIDED}"),
    Broken("test edited", TEST, is_("def test_x(): pass\n"), "check 02", 0, f"Note: {TEST} {DECIDED}"),
    Broken("test is a folder", TEST, a_folder, "check 02", 0, f"Note: {TEST} {DECIDED}"),
    Broken("test is a pipe", TEST, a_pipe, "check 02", 0, f"Note: {TEST} {DECIDED}"),
    Broken("kata.toml broken here", "kata.toml", is_("name ="), "check 02", 0, COUNT_IS_GREEN),
    Broken("kata.toml gone here", "kata.toml", gone, "check 02", 0, COUNT_IS_GREEN),
    Broken(
        "pytest.ini edited", "pytest.ini", is_("[pytest]\naddopts = --nope\n"), "check 02", 0, f"pytest.ini {DECIDED}"
    ),
    Broken(
        "modules that hide others, beside the answer",
        "02_count_up",
        beside_the_answer("asyncio.py", "random.py", "test_x.py", "conftest.py", "pytest.py", "json.py"),
        "check 02",
        0,
        COUNT_IS_GREEN,
    ),
    Broken(
        "modules that hide others, in the current folder",
        ".",
        beside_the_answer("asyncio.py", "random.py", "rich.py", "click.py", "redloop.py", "sitecustomize.py"),
        "check 02",
        0,
        COUNT_IS_GREEN,
        as_process=True,
    ),
    Broken("workspace read-only", ".", read_only, "check 02", 0, "progress could not be kept in", as_a_person),
    Broken("workspace read-only, hint", ".", read_only, "hint", 0, "Hint 1 of 3", as_a_person),
    Broken(
        "workspace read-only, reset", ".", read_only, "reset 01", 1, "was not reset: Permission denied", as_a_person
    ),
    Broken("disk full", ".", nothing, "check 02", 1, "No usable temporary directory found", on_a_full_disk),
    Broken("disk full, reset", ".", nothing, "reset 01", 1, "was not reset: File too large", on_a_full_disk),
    Broken("disk full, hint", ".", nothing, "hint", 0, "Hint 1 of 3", on_a_full_disk),
    Broken("HOME unset", ".", nothing, "check 02", 0, COUNT_IS_GREEN, environment={"HOME": None}),
    Broken("HOME is nowhere", ".", nothing, "check 02", 0, COUNT_IS_GREEN, environment={"HOME": "/nowhere"}),
    Broken("TMPDIR is nowhere", ".", nothing, "check 02", 0, COUNT_IS_GREEN, environment={"TMPDIR": "/nowhere"}),
    Broken("TERM unset", ".", nothing, "list", 0, "✓ 02  count_up", environment={"TERM": None}),
    Broken(
        "no UTF-8",
        ".",
        nothing,
        "list",
        0,
        "+ 02  count_up",
        environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ),
    Broken("COLUMNS is no size", ".", nothing, "list", 0, "✓ 02  count_up", environment={"COLUMNS": "0", "LINES": "x"}),
]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an answer begun and another one green, to be copied."""
    folder = tmp_path_factory.mktemp("broken")
    status, told = redloop(folder, "start", "dojo", "--set", str(write_set(folder / "mini")))
    assert status == 0, told
    (folder / "dojo" / COUNTER).write_text(COUNTED)
    status, told = redloop(folder / "dojo", "check", "02")
    assert status == 0, told
    (folder / "dojo" / GREETER).write_text(MINE)
    return folder / "dojo"


def run(folder: Path, typed: str, **options: Any) -> tuple[int, str]:
    """The exit code and everything that was printed, with limits to the process or another environment."""
    changes = options.pop("environment", {})
    environment = {name: value for name, value in {**environ(), **changes}.items() if value is not None}
    done = subprocess.run(
        [COMMAND[0], "-P", *COMMAND[1:], *typed.split()],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        **options,
    )
    return done.returncode, done.stdout


def kept(folder: Path) -> dict[str, str]:
    """The learner's own texts, as far as they can be read, wherever they were put."""
    return {path.name: path.read_text() for path in folder.rglob("*.py*") if path.is_file()}


@pytest.mark.parametrize("broken", TABLE, ids=lambda broken: broken.name)
def test_one_clear_line_and_nothing_lost(tmp_path, shipped, broken):
    work = tmp_path / "dojo"
    shutil.copytree(shipped, work)
    (tmp_path / "mini").symlink_to(shipped.parent / "mini")
    broken.damage(work / broken.path)
    before = kept(work) if broken.limits is None else {}
    if broken.as_process or broken.limits or broken.environment:
        status, told = run(work, broken.typed, preexec_fn=broken.limits, environment=broken.environment)
    else:
        status, told = redloop(work, *broken.typed.split())
    line = next((line for line in told.splitlines() if broken.told in line), told)
    sys.stdout.write(f"\n{broken.name:<44} {status}  {line.replace(str(tmp_path), '…')}\n")
    assert broken.told in told
    assert status == broken.status
    assert not any(text in told for text in ("Traceback", "That is our fault"))
    for path in (work, *work.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    assert before.items() <= kept(work).items() or broken.typed.startswith("reset")
    assert (work / COUNTER).read_text() == COUNTED
    green = json.loads((work / PROGRESS).read_text())["exercises"] if (work / PROGRESS).is_file() else None
    if green and broken.status == 0:
        assert green["count_up"]["status"] == "green"


def test_a_workspace_that_was_moved_copied_or_stands_in_another(tmp_path, shipped):
    for place in ("a copy", "spaces and ünicode ✓", "two\nlines", "a copy/inside it"):
        work = tmp_path / place
        shutil.copytree(shipped, work)
        status, told = redloop(work, "check", "02")
        assert (status, COUNT_IS_GREEN in told) == (0, True), told
        status, told = redloop(work / "02_count_up", "list")  # from within, the innermost one counts
        assert (status, told.partition("\n")[0]) == (0, "A mini kata: 2 exercises, 1 green")
        assert (work / GREETER).read_text() == MINE
        (work / COUNTER).unlink()
        status, told = redloop(work / "01_greet", "check", "02")
        assert status == 1
        assert len(told.splitlines()) == 1, told  # a line, whatever the folder is called
    (tmp_path / "a copy").rename(tmp_path / "moved")
    assert redloop(tmp_path / "moved", "list")[0] == 0


def test_a_set_for_a_later_python_or_with_a_package_that_is_missing(tmp_path):
    kata = write_set(tmp_path / "mini")
    toml = (kata / "kata.toml").read_text()
    for python, told in [
        (">=3.99", f"{kata}/kata.toml: these exercises need Python >=3.99, and this is "),
        ("new", "`python` should say the first version that will do (python = \">=3.11\"), not 'new'"),
    ]:
        (kata / "kata.toml").write_text(toml.replace(">=3.11", python))
        status, said = redloop(tmp_path, "start", "dojo", "--set", str(kata))
        assert (status, len(said.splitlines())) == (1, 1), said
        assert told in said
        assert not (tmp_path / "dojo").exists()
    (kata / "kata.toml").write_text(toml.replace("requires = []", 'requires = ["no-such-thing>=1"]'))
    status, said = redloop(tmp_path, "start", "dojo", "--set", str(kata))
    assert status == 0
    assert "Some exercises need more: pip install 'no-such-thing>=1'" in said


def test_standard_input_is_closed(shipped, tmp_path):
    work = tmp_path / "dojo"
    shutil.copytree(shipped, work)
    command = [COMMAND[0], "-P", *COMMAND[1:]]
    for closed in ("<&-", "< /dev/full"):
        done = subprocess.run(
            ["bash", "-c", f'"$0" "$@" {closed}', *command],  # noqa: S607
            cwd=work,
            env=environ(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "✗ 01 greet is red" in done.stdout


def test_killed_in_the_middle_of_a_write(tmp_path, shipped):
    """The new text stands beside the old one, and the process is gone before the rename."""
    work = tmp_path / "dojo"
    shutil.copytree(shipped, work)
    before = (work / PROGRESS).read_text()
    code = (
        "import os, signal; os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL); "
        "from redloop.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "02"], cwd=work, env=environ(), capture_output=True, check=False
    )
    assert done.returncode == -9
    assert (work / PROGRESS).read_text() == before
    assert redloop(work, "list")[1].startswith("A mini kata: 2 exercises, 1 green")


def test_a_real_disk_that_is_full_keeps_the_old_text(tmp_path, shipped):
    work = tmp_path / "dojo"
    shutil.copytree(shipped, work)
    progress = json.loads((work / PROGRESS).read_text())
    (work / PROGRESS).write_text(json.dumps({**progress, "padding": "x" * 200_000}))
    before = (work / PROGRESS).read_text()

    def nearly_full() -> None:  # enough room for a run of the tests, and not for that file
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    status, told = run(work, "check 02", preexec_fn=nearly_full)
    assert (status, COUNT_IS_GREEN in told) == (0, True), told
    assert "Note: progress could not be kept in" in told
    assert (work / PROGRESS).read_text() == before
    assert [path.name for path in (work / ".redloop").iterdir() if path.name.startswith(".progress")] == []
