"""Watch mode in a real pseudo-terminal: keys, saves and what stands on the screen."""

from __future__ import annotations

import io
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pexpect
import pytest
from dojo.commandline import COMMAND, SOLVED, environ, redloop

from redloop.dojo.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MADE_UP = 'async def greet(say, name):\n    return f"hello {name}"\n'
COUNTED = "def count_up(n):\n    return list(range(n))\n"


class Terminal:
    """redloop in a terminal of its own."""

    def __init__(
        self, folder: Path, *arguments: str, columns: int = 120, program: Sequence[str] = COMMAND, **changes: str
    ) -> None:
        self.child = pexpect.spawn(
            program[0],
            [*program[1:], *arguments],
            cwd=str(folder),
            env=environ(**changes),
            encoding="utf-8",
            dimensions=(50, columns),
            timeout=60,
        )
        self.child.delaybeforesend = None
        self._all = io.StringIO()
        self.child.logfile_read = self._all

    @property
    def screen(self) -> str:
        """Everything that stood on the screen."""
        return self._all.getvalue()

    def sees(self, *texts: str) -> None:
        """Wait until the texts stood on the screen, one after the other."""
        for text in texts:
            self.child.expect_exact(text)

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    def close(self) -> None:
        """End the program. pexpect's own `close` gives a busy machine only a tenth of a second for that."""
        self.child.kill(signal.SIGHUP)
        until = time.monotonic() + 10
        while self.child.isalive() and time.monotonic() < until:
            time.sleep(0.02)
        self.child.close(force=True)


@pytest.fixture
def open_terminal():
    opened = []

    def open_(*arguments, **changes) -> Terminal:
        opened.append(Terminal(*arguments, **changes))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def save(path: Path, text: str) -> None:
    """As editors do it: written beside, and renamed."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text)
    os.replace(beside, path)


def test_a_session(work, open_terminal):
    at = open_terminal(work)
    at.sees("01 greet · 1 of 2", "nobody says hello", "✗ 01 greet is red: 2 of 3 tests failed", "ada heard nothing")
    at.sees(
        "\x1b]8;", f"file://{work}/01_greet/greeter.py#6", "01_greet/greeter.py:6", "0 of 2 green · h hint", "q quit"
    )
    for number, hint in enumerate(["Who runs it?", "Somebody must wait.", "await say(name)"], 1):
        at.press("h")
        at.sees(f"Hint {number} of 3", hint, "q quit")
        assert "\r\n\r\n\r\n" not in at.child.before  # one empty line, not two
    at.press("s")
    at.sees("The solution of 01 greet is shown once yours is green. Until then: h gives a hint.", "q quit")

    save(work / "01_greet/greeter.py", MADE_UP)
    at.sees("✗ 01 greet is red: 1 of 3 tests failed")
    at.sees("It looks like this: the greeting is made up here, so nobody heard it.", "q quit")
    save(work / "01_greet/greeter.py", SOLVED)
    at.sees(
        "✓ 01 greet is green: 3 tests passed", "A coroutine runs when somebody waits for it.", "1 of 2 green", "q quit"
    )
    at.press("s")
    at.sees("The solution", "return await say(name)", "Right as well: in two lines", "greeting = await", "q quit")

    at.press("n")
    at.sees("02 count_up · 2 of 2", "✗ 02 count_up is red: 2 of 3 tests failed", "q quit")
    at.press("p")
    at.sees("01 greet · 1 of 2", "✓ 01 greet is green", "q quit")
    at.press("l")
    at.sees("✓ 01  greet", "✗ 02  count_up", "Enter goes there, Esc stays.", "> ")
    at.press("\x1b")
    at.sees("01 greet · 1 of 2", "q quit")
    at.press("l")
    at.sees("Esc stays.", "> ")
    at.press("2\n")
    at.sees("02 count_up · 2 of 2", "q quit")
    save(work / "02_count_up/counter.py", COUNTED)
    at.sees("✓ 02 count_up is green: 3 tests passed", "2 of 2 green", "q quit")
    at.press("n")
    at.sees("✓ All 2 exercises are green.")
    at.press("q")
    assert at.ends() == 0


def test_the_list_narrows_with_every_key(work, open_terminal):
    at = open_terminal(work)
    at.sees("✗ 01 greet is red", "q quit")
    at.press("l")
    at.sees("✗ 01  greet", "· 02  count_up", "Esc stays.", "> ")
    at.press("steps\n")
    at.sees("2 exercises fit. Type more.", "> steps")
    at.child.setwinsize(20, 40)
    at.press(" ")
    at.sees("✗ 01 greet red", "· 02 count_up", "> steps ")
    at.press("greet")
    at.sees("> steps greet")
    shown = at.child.before.rpartition("\x1b[2J")[2]
    assert ("01 greet" in shown, "count_up" in shown) == (True, False)
    assert all(len(line) <= 40 for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).split("\r\n"))
    at.press("\x7f" * 11)
    at.sees("✗ 01 greet red", "· 02 count_up")
    at.press("conut_up\n")
    at.sees('There is no exercise "conut_up". Did', "> conut_up")
    at.press("\x7f" * 8 + "skips\n")
    at.sees("02 count_up · 2 of 2", "q quit")


def test_a_session_that_is_killed_loses_nothing(work, open_terminal):
    save(work / "01_greet/greeter.py", SOLVED)
    at = open_terminal(work)
    at.sees("✓ 01 greet is green", "1 of 2 green", "q quit")
    at.press("n")
    at.sees("✗ 02 count_up is red", "q quit")
    at.child.kill(signal.SIGKILL)
    assert at.ends() == -signal.SIGKILL
    at = open_terminal(work)
    at.sees("02 count_up · 2 of 2", "✗ 02 count_up is red", "1 of 2 green", "q quit")
    assert (work / "01_greet/greeter.py").read_text() == SOLVED


def test_it_stays_at_an_exercise_that_another_save_or_a_pass_does_not_leave(work, open_terminal):
    at = open_terminal(work)
    at.sees("✗ 01 greet is red", "q quit")
    save(work / "02_count_up/counter.py", COUNTED)
    at.sees("Saved: 02 count_up. You are at 01 greet; l goes elsewhere.")
    save(work / "01_greet/greeter.py", SOLVED)
    at.sees("✓ 01 greet is green", "1 of 2 green", "q quit")
    at.press("\n")
    at.sees("✓ 01 greet is green", "1 of 2 green", "q quit")


def test_skipping_goes_to_the_next_and_no_further(work, open_terminal):
    at = open_terminal(work)
    at.sees("q quit")
    at.press("p")
    at.sees("This is the first one.")
    at.press("n")
    at.sees("02 count_up · 2 of 2", "q quit")
    at.press("n")
    at.sees("This is the last one.")


def test_reset_keeps_what_was_written(work, open_terminal):
    shipped = (work / "01_greet/greeter.py").read_text()
    (work / "01_greet/greeter.py").write_text(MADE_UP)
    at = open_terminal(work)
    at.sees("1 of 3 tests failed", "q quit")
    at.press("r")
    at.sees("Yours is kept beside it. [y/N]: ")
    at.press("\n")
    at.press("r")
    at.sees("[y/N]: ")
    at.press("y\n")
    at.sees("Yours is kept in 01_greet/greeter.py.1", "2 of 3 tests failed", "q quit")
    assert (work / "01_greet/greeter.py").read_text() == shipped
    assert (work / "01_greet/greeter.py.1").read_text() == MADE_UP


def test_edit_opens_the_line_that_failed(work, open_terminal, tmp_path):
    (work / "01_greet/greeter.py").write_text("async def greet(say, name):\n    return name / 2\n")
    (tmp_path / "vi").write_text('#!/bin/sh\necho "opened $1 $2"\nread line\necho "typed $line"\n')
    (tmp_path / "vi").chmod(0o700)
    at = open_terminal(work, VISUAL=shlex.quote(str(tmp_path / "vi")))
    at.sees("TypeError", "q quit")
    at.press("e")
    at.sees(f"opened +2 {work}/01_greet/greeter.py")
    at.press("hello\n")
    at.sees("typed hello", "TypeError", "q quit")


def test_a_hint_is_shown_where_it_cannot_be_counted(work, open_terminal):
    at = open_terminal(work)
    at.sees("✗ 01 greet is red", "q quit")
    shutil.rmtree(work / ".redloop")
    at.press("h")
    at.sees("Hint 1 of 3", "Who runs it?", "progress could not be kept")


def test_without_an_editor_it_says_how_to_set_one(work, open_terminal):
    for changes, told in [
        ({"VISUAL": "", "EDITOR": "", "PATH": "/nowhere"}, "No editor is known. Set one: export EDITOR=nano."),
        ({"VISUAL": "no-such-editor"}, "no-such-editor did not start: No such file or directory."),
    ]:
        at = open_terminal(work, **changes)
        at.sees("q quit")
        at.press("e")
        at.sees(told)


def test_where_events_do_not_arrive_it_polls_and_says_so(work, open_terminal):
    at = open_terminal(work, WATCHFILES_FORCE_POLLING="1")
    at.sees("Note: WATCHFILES_FORCE_POLLING is set, so saves are looked for ten times a second.")
    at.sees("q quit")
    save(work / "01_greet/greeter.py", SOLVED)
    at.sees("✓ 01 greet is green")


def test_saving_in_the_middle_of_a_run_ends_it_and_judges_the_newest(work, open_terminal, tmp_path):
    at = open_terminal(work)
    at.sees("q quit")
    for _ in range(2):  # that run was prepared, the next one is not
        mark = tmp_path / "running"
        mark.unlink(missing_ok=True)
        save(
            work / "01_greet/greeter.py",
            f"import os, pathlib\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\nwhile True:\n    pass\n",
        )
        while not (mark.exists() and mark.read_text()):
            assert at.child.isalive()
        save(work / "01_greet/greeter.py", SOLVED)
        at.sees("✓ 01 greet is green", "q quit")
        assert "is red" not in at.child.before
        with pytest.raises(ProcessLookupError):
            os.kill(int(mark.read_text()), 0)


@pytest.fixture
def slow(mini, tmp_path):
    """A workspace in which saying hello takes its time."""
    test = mini.find("01").test
    say = "    async def say(self, name):\n"
    test.write_text("import asyncio\n" + test.read_text().replace(say, f"{say}        await asyncio.sleep(0.05)\n"))
    with (mini.folder / "pytest.ini").open("a") as rules:
        rules.write("redloop_clock = virtual\n")
    assert redloop(tmp_path, "start", "dojo", "--set", str(mini.folder))[0] == 0
    return tmp_path / "dojo"


def test_in_plain_words_and_forty_columns(slow, open_terminal):
    at = open_terminal(slow, "--plain", columns=40)
    at.sees("✗ 01 greet is red", "q quit")
    save(slow / "01_greet/greeter.py", SOLVED)
    at.sees("✓ 01 greet is green", "A coroutine runs when somebody waits", "test_says_it, took ")
    at.sees("  greet('ada'): queued from 0.0 to", "  say('ada'): waited from 0.0", "q quit")
    at.press("l")
    at.sees("✓ 01 greet green", "· 02 count_up", "stays.", "> ")
    at.press("steps\n")
    at.sees("✓ 01 greet green", "· 02 count_up", "2 exercises fit. Type more.", "> ")
    at.press("\n")
    at.sees("q quit")
    at.press("q")
    assert at.ends() == 0
    long = [line for line in at.screen.replace("\r", "").split("\n") if len(line) > 40]
    assert all(".py:" in line for line in long), long  # code


def test_the_timeline_is_drawn_when_red_and_beside_why(slow, open_terminal):
    at = open_terminal(slow)
    at.sees("✗ 01 greet is red", "q quit")
    assert "▒ waits" not in at.child.before  # nothing waited
    path = slow / "01_greet/greeter.py"
    save(path, "async def greet(say, name):\n    return (await say(name)).upper()\n")
    at.sees(
        "✗ 01 greet is red", "test_returns_what_was_said · took ", " greet('bob')", " say('bob')", "▒ waits", "q quit"
    )
    save(path, SOLVED)
    at.sees("✓ 01 greet is green", "A coroutine runs when somebody waits for it.")
    at.sees("test_says_it · took ", " say('ada')", "▒ waits", "q quit")
    status, told = redloop(slow, "check", "01")
    assert status == 0
    assert " say('ada')" in told


def test_quitting_and_control_c_in_the_middle_of_a_run(work, open_terminal, tmp_path):
    mark = tmp_path / "running"
    endless = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nwhile True:\n    pass\n"
    (work / "01_greet/greeter.py").write_text(endless)
    for key, status in [("q", 0), ("\x03", 130)]:
        mark.unlink(missing_ok=True)
        at = open_terminal(work)
        while not mark.exists():
            assert at.child.isalive()
        at.press(key)
        assert at.ends() == status
        assert "Traceback" not in at.child.before


def test_a_file_that_goes_and_comes_back(work, open_terminal):
    at = open_terminal(work)
    at.sees("q quit")
    (work / "01_greet/greeter.py").unlink()
    at.press("\n")
    at.sees("greeter.py is not there. r gets the shipped one back", "q quit")
    (work / "01_greet/greeter.py").write_text(SOLVED)
    at.sees("✓ 01 greet is green")


def test_a_dumb_terminal_gets_no_escapes(work, open_terminal):
    at = open_terminal(work, TERM="dumb")
    at.sees("✗ 01 greet is red", "q quit")
    at.press("q")
    assert at.ends() == 0
    assert "\x1b" not in at.child.before


def test_off_a_terminal_it_explains_and_ends(work):
    status, told = redloop(work)
    assert status == 0
    assert told.startswith("First steps\n")
    assert not re.search("\x1b|q quit", told)


def test_plain_redraws_nothing_and_has_no_colour_and_no_link(work, open_terminal):
    for arguments, changes in [(["--plain"], {}), ([], {"REDLOOP_PLAIN": "1"})]:
        at = open_terminal(work, *arguments, **changes)
        at.sees("✗ 01 greet is red", "q quit")
        at.press("\n")
        at.sees("✗ 01 greet is red", "q quit")
        at.press("q")
        assert at.ends() == 0
        assert "\x1b" not in at.child.before


def test_two_sessions_in_one_workspace_lose_nothing(work, open_terminal):
    one, other = open_terminal(work), open_terminal(work)
    for at in (one, other):
        at.sees("✗ 01 greet is red", "q quit")
    other.press("n")
    other.sees("02 count_up · 2 of 2", "q quit")
    save(work / "02_count_up/counter.py", COUNTED)
    save(work / "01_greet/greeter.py", SOLVED)
    one.sees("✓ 01 greet is green", "q quit")
    other.sees("✓ 02 count_up is green", "q quit")
    assert "A mini kata: 2 exercises, 2 green" in redloop(work, "list")[1]
    for name in ("01", "02"):
        assert "green" in redloop(work, "history", name)[1]


def test_saves_are_seen_wherever_the_clock_stands(work, open_terminal):
    at = open_terminal(work)
    at.sees("✗ 01 greet is red: 2 of 3", "q quit")
    for year, text, told in [
        (1971, MADE_UP, "red: 1 of 3 tests failed"),
        (2100, SOLVED, "✓ 01 greet is green"),
        (1971, MADE_UP, "red: 1 of 3 tests failed"),
    ]:
        beside = work / "01_greet/.greeter.swp"
        beside.write_text(text)
        seconds = (year - 1970) * 365 * 86400
        os.utime(beside, (seconds, seconds))
        os.replace(beside, work / "01_greet/greeter.py")
        at.sees(told, "q quit")


def test_suspended_resized_and_continued(work, open_terminal):
    at = open_terminal(work, program=["bash", "--norc", "-i"], PS1="shell> ")
    at.sees("shell> ")
    at.press(f"{shlex.join(COMMAND)} --plain\n")
    at.sees("✗ 01 greet is red", "q quit")
    at.press("\x1a")
    at.sees("Stopped", "shell> ")
    at.press("echo $((40 + 2)), and typing is seen\n")  # the shell has its terminal back
    at.sees("42, and typing is seen", "shell> ")
    save(work / "01_greet/greeter.py", MADE_UP)
    at.child.setwinsize(20, 40)
    at.press("fg\n")
    at.sees("red: 1 of 3 tests failed", "q quit")
    at.press("h")  # no Enter
    at.sees("Hint 1 of 3", "q quit")
    at.press("q")
    at.sees("shell> ")


def test_killed_in_the_middle_of_a_judgement(work, open_terminal, tmp_path):
    """The worker and the answer go with it; the session after it begins where that one stood."""
    pids = tmp_path / "pids"
    endless = (
        f"import os\nopen({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}} ')\nwhile True:\n    pass\n"
    )
    save(work / "01_greet/greeter.py", endless)
    at = open_terminal(work)
    while not (pids.exists() and pids.read_text().endswith(" ")):
        assert at.child.isalive()
    at.child.kill(signal.SIGKILL)
    assert at.ends() == -signal.SIGKILL
    for pid in map(int, pids.read_text().split()):
        while runs(pid):  # a process takes a moment to notice and go; the suite's own time-out is the limit
            time.sleep(0.01)
    assert (work / "01_greet/greeter.py").read_text() == endless
    save(work / "01_greet/greeter.py", SOLVED)
    open_terminal(work).sees("✓ 01 greet is green", "1 of 2 green", "q quit")


@pytest.mark.parametrize("end", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_in_the_temporary_folder_however_it_ends(work, open_terminal, tmp_path, end):
    """SIGHUP is what a terminal sends that is closed."""
    (folder := tmp_path / "temporary").mkdir()
    at = open_terminal(work, TMPDIR=str(folder))
    at.sees("✗ 01 greet is red", "q quit")
    assert any(folder.iterdir())
    at.child.kill(end)
    assert at.ends() == -end
    while any(folder.iterdir()):  # the workers take a moment to notice and go; the suite's own time-out is the limit
        time.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is not one that nobody has asked for its end."""
    told = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return told.stdout.strip()[:1] not in ("", "Z")


def test_the_terminal_goes_away(work, open_terminal):
    at = open_terminal(work)
    at.sees("✗ 01 greet is red", "q quit")
    at.child.ptyproc.fileobj.close()  # the window is closed
    while at.child.isalive():  # the suite's own time-out is the limit
        time.sleep(0.01)
    assert "A mini kata: 2 exercises, 0 green" in redloop(work, "list")[1]


def test_an_answer_typed_as_soon_as_the_question_stands_there_is_heard(monkeypatch):
    terminal, ours = pty.openpty()
    with open(ours, encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        with Keyboard() as keyboard:
            assert keyboard.line(lambda: os.write(terminal, b"yes\n")) == "yes"
    os.close(terminal)
