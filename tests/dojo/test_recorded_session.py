"""A learner's first hour with the real exercises, in a real terminal, from `redloop` in an empty folder on.

`pytest -s tests/dojo/test_recorded_session.py` prints every screen in order, as text.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from dojo.commandline import COMMAND, environ

from redloop.dojo import sets
from redloop.dojo.answers import read_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESCAPES = re.compile(r"\x1b\][^\x1b\x07]*(?:\x1b\\|\x07)|\x1b\[[0-9;?]*[A-Za-z]|\x1b\S?")
FOOTER = "q quit"


class Recorder:
    """A terminal whose screens are kept: what a learner did, and what stood there then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._child: pexpect.spawn | None = None

    @property
    def child(self) -> pexpect.spawn:
        assert self._child is not None
        return self._child

    def type(self, *arguments: str, until: str) -> str:
        """Start a command."""
        self._child = pexpect.spawn(
            COMMAND[0],
            [*COMMAND[1:], *arguments],
            cwd=str(self.folder),
            env=environ(EDITOR="nano"),
            encoding="utf-8",
            dimensions=(50, 120),
            timeout=90,
        )
        return self._screen(" ".join(["$ redloop", *arguments]), until)

    def press(self, key: str, until: str = FOOTER) -> str:
        self.child.send(key)
        return self._screen(f"presses {key.strip() or 'Enter'}", until)

    def save(self, text: str, name: str) -> str:
        path = self.folder / "01_never_awaited/welcome.py"
        beside = path.with_name(".welcome.swp")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
        return self._screen(f"saves {name}", FOOTER)

    def kill(self) -> None:
        self.child.kill(signal.SIGKILL)
        self.child.expect(pexpect.EOF)
        self.child.close()
        sys.stdout.write("\n──── kill -9 ────\n")

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus is not None
        return self.child.exitstatus

    def _screen(self, action: str, until: str) -> str:
        self.child.expect_exact(until)
        text = ESCAPES.sub("", f"{self.child.before}{until}").replace("\r", "").replace(str(self.folder.parent), "~")
        sys.stdout.write(f"\n──── {action} ────\n{text}\n")
        return text


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path / "home")
    recorder.folder.mkdir()
    yield recorder
    recorder.child.close(force=True)


def test_a_first_hour(learner):
    exercise = sets.load(sets.own()).find("never_awaited")
    wrong = exercise.solutions / "wrong/started_and_left.py"

    assert "There is no workspace here." in learner.type(until="[Y/n]: ")
    told = learner.press("y\n", until="whenever you save it")
    assert "A kata for asyncio" in told
    assert re.search(r"\n *\n✗ 01 never_awaited is red", told)  # what belongs together stands apart from the rest
    assert learner.ends() == 0

    learner.folder /= "redloop-kata"
    told = learner.type(until=FOOTER)
    assert "01 never_awaited · 1 of" in told
    for number in (1, 2, 3):
        assert f"Hint {number} of 3" in learner.press("h")
    assert "is shown once yours is green" in learner.press("s")
    told = learner.save(wrong.read_text(encoding="utf-8").partition("\n")[2].partition("\n")[2], "a wrong answer")
    assert f"It looks like this: {read_wrong(wrong).looks_like}." in " ".join(told.split())
    told = learner.save(exercise.solution.read_text(encoding="utf-8"), "a right answer")
    assert "✓ 01 never_awaited is green" in told
    assert (exercise.solutions / "WHY.md").read_text(encoding="utf-8").split()[3] in told
    assert "The solution" in learner.press("s")
    assert "02 asyncio_run · 2 of" in learner.press("n")
    assert "✓ 01  never_awaited" in learner.press("l", until="> ")
    assert "01 never_awaited · 1 of" in learner.press("1\n")
    assert "Yours is kept beside it" in learner.press("r", until="[y/N]: ")
    told = learner.press("y\n")
    assert "Yours is kept in 01_never_awaited/welcome.py.1" in told
    assert "✗ 01 never_awaited is red" in told
    learner.kill()

    told = learner.type(until=FOOTER)
    assert "01 never_awaited · 1 of" in told  # where it was
    assert "✗ 01 never_awaited is red" in told
    assert "The solution" in learner.press("s")  # the pass counts, whatever became of the file
    told = learner.save((learner.folder / "01_never_awaited/welcome.py.1").read_text(encoding="utf-8"), "the old text")
    assert "✓ 01 never_awaited is green" in told
    learner.child.send("q")
    assert learner.ends() == 0
    told = learner.type("history", "01", until="prints the text of that one.")
    assert [line[0] for line in told.splitlines() if re.match(r". +\d+ +20\d\d-", line)] == ["✗", "✓"]
    assert learner.ends() == 0
