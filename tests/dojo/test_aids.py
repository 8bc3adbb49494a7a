"""Hints, the solution, the way back, history, update and the doctor, as commands."""

from __future__ import annotations

import json
import os
import re
import threading

import pytest
from dojo.commandline import SOLVED, redloop

from redloop.dojo import files
from redloop.dojo.history import History
from redloop.dojo.progress import Progress
from redloop.dojo.verdict import Verdict

MADE_UP = 'async def greet(say, name):\n    return f"hello {name}"\n'


def test_hints_come_one_by_one_and_are_counted(work):
    assert redloop(work, "hint") == (0, "01 greet\nHint 1 of 3\nWho runs it?\n")
    assert redloop(work, "hint", "greet")[1] == "01 greet\nHint 2 of 3\nSomebody must wait.\n"
    assert redloop(work, "hint", "1")[1] == "01 greet\nHint 3 of 3\nawait say(name)\n"
    status, told = redloop(work, "hint", "1")
    assert re.findall(r"Hint \d of 3", told) == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    assert (status, told.endswith("Those were all of them.\n")) == (0, True)
    assert Progress(work / ".redloop").hints("greet") == 3
    assert redloop(work, "hint", "2")[1] == "02 count_up\nHint 1 of 3\nHow far?\n"


def test_a_hint_is_no_attempt(work):
    redloop(work, "hint", "2")
    assert Progress(work / ".redloop").seen() == set()


def test_the_solution_is_shown_after_the_pass_only(work):
    status, told = redloop(work, "solution", "01")
    assert status == 1
    assert told == "redloop: The solution of 01 greet is shown once yours is green. Until then: redloop hint 01\n"
    (work / "01_greet/greeter.py").write_text(SOLVED)
    status, told = redloop(work, "check", "01")
    assert (status, "\nA coroutine runs when somebody waits for it.\n" in told) == (0, True)
    (work / "01_greet/greeter.py").write_text(MADE_UP)
    redloop(work, "check", "01")  # red again: what was seen once may be seen again
    assert redloop(work, "solution", "01") == (
        0,
        (
            "The solution\n"
            "  async def greet(say, name):\n      return await say(name)  # a call alone runs nothing\n\n"
            "Right as well: in two lines\n"
            "  async def greet(say, name):\n      greeting = await say(name)\n      return greeting\n"
        ),
    )


def test_reset_keeps_the_old_text_beside_it(work, mini):
    answer = work / "01_greet/greeter.py"
    for number in (1, 2):
        answer.write_text(MADE_UP + "#" * number)
        assert redloop(work, "reset", "greet") == (
            0,
            f"01_greet/greeter.py is as it was shipped.\n  Yours is kept in 01_greet/greeter.py.{number}\n",
        )
        assert answer.read_bytes() == (mini.folder / "01_greet/greeter.py").read_bytes()
        assert answer.with_name(f"greeter.py.{number}").read_text() == MADE_UP + "#" * number
    assert redloop(work, "reset", "greet") == (0, "01 greet is as it was shipped already.\n")


def test_reset_brings_back_what_is_gone_and_what_became_a_folder(work):
    (work / "01_greet/greeter.py").unlink()
    (work / "01_greet/greeter.py").mkdir()
    (work / "01_greet/greeter.py/mine.txt").write_text("mine")
    (work / "01_greet/test_greeter.py").unlink()
    status, told = redloop(work, "reset", "1")
    assert (status, "Yours is kept in 01_greet/greeter.py.1" in told) == (0, True)
    assert (work / "01_greet/greeter.py.1/mine.txt").read_text() == "mine"
    assert redloop(work, "check", "1")[1].startswith("✗ 01 greet is red: 2 of 3 tests failed")


def test_history_has_every_text(work):
    assert redloop(work, "history", "1") == (0, "No attempt at 01 greet yet.\n")
    for text in (MADE_UP, MADE_UP, "def greet(:\n", SOLVED):
        (work / "01_greet/greeter.py").write_text(text)
        redloop(work, "check", "1")
    status, told = redloop(work, "history", "1")
    lines = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", line) for line in told.splitlines()]
    assert (status, lines) == (
        0,
        [
            "✗   1  WHEN  red: test_says_it",
            "✗   2  WHEN  red: error",
            "✓   3  WHEN  green",
            "redloop history 01 3 prints the text of that one.",
        ],
    )
    assert redloop(work, "history", "1", "1") == (0, MADE_UP)
    assert redloop(work, "history", "1", "7") == (1, "There is no attempt 7 at 01 greet: there are 1 to 3.\n")
    (work / ".redloop/history/greet/0002.json").write_text('{"version": 1, "tex')
    assert redloop(work, "history", "1")[1].count("WHEN") == 0
    assert [each.number for each in History(work / ".redloop").attempts("greet")] == [1, 3]


def test_history_keeps_bytes_that_are_no_text(tmp_path):
    history = History(tmp_path)
    history.record("greet", b"# \xff\n", Verdict("error"))
    assert history.attempts("greet")[0].text.encode("utf-8", "surrogateescape") == b"# \xff\n"


def test_two_writers_lose_nothing(tmp_path):
    def write(key: str) -> None:
        for number in range(20):
            Progress(tmp_path).record({f"{key}{number}": True})
            History(tmp_path).record("greet", f"{key}{number}".encode(), Verdict("failed"))

    threads = [threading.Thread(target=write, args=(key,)) for key in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(Progress(tmp_path).green()) == 40
    assert [each.number for each in History(tmp_path).attempts("greet")] == list(range(1, 41))


def test_a_write_that_fails_leaves_the_old_text(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(tmp_path / "a.json", b"new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.json": "old"}


def grow(mini) -> None:
    """A later version of the set: an exercise more in front, one renumbered, a test and a README changed."""
    for folder in (mini.folder, mini.folder.parent / "solutions"):
        (folder / "02_count_up").rename(folder / "03_count_up")
    (mini.folder / "02_new_one").mkdir()
    for name in ("README.md", "hints.md"):
        (mini.folder / "02_new_one" / name).write_text("new\n")
    (mini.folder / "02_new_one/newly.py").write_text("# TODO: x\nx = 1\n")
    (mini.folder / "02_new_one/test_newly.py").write_text("from newly import x\ndef test_x(): assert x == 2\n")
    toml = (mini.folder / "kata.toml").read_text()
    (mini.folder / "kata.toml").write_text(toml.replace('"02_count_up"', '"02_new_one", "03_count_up"'))
    with (mini.folder / "01_greet/README.md").open("a") as readme:
        readme.write("More.\n")
    with (mini.folder / "01_greet/greeter.py").open("a") as shipped:
        shipped.write("# newer\n")


def test_update_adds_what_is_new_and_never_touches_what_is_yours(work, mini):
    (work / "01_greet/greeter.py").write_text(SOLVED)
    (work / "02_count_up/counter.py").write_text("def count_up(n):\n    return [*range(n)]\n")
    redloop(work, "check")
    assert redloop(work, "update") == (0, "A mini kata: 2 exercises, up to date.\n")
    grow(mini)
    assert "3   count_up" not in redloop(work, "list")[1]
    assert redloop(work, "check", "count_up")[0] == 0  # before the update, too
    assert redloop(work, "update") == (
        0,
        (
            "02_new_one is new\n"
            "renamed 02_count_up to 03_count_up\n"
            "kata.toml is brought up to date\n"
            "01_greet/README.md is brought up to date\n"
            "01_greet/greeter.py is yours, and stays; the set has another by now\n"
            "A mini kata: 3 exercises, up to date.\n"
        ),
    )
    assert (work / "01_greet/greeter.py").read_text() == SOLVED
    assert (work / "01_greet/README.md").read_text().endswith("More.\n")
    assert (work / "03_count_up/counter.py").read_text() == "def count_up(n):\n    return [*range(n)]\n"
    assert Progress(work / ".redloop").green() == {"greet", "count_up"}
    assert redloop(work)[1].startswith("new\n✗ 02 new_one is red")


def test_update_without_a_note_of_what_was_shipped_takes_all_for_yours(work, mini):
    (work / ".redloop/shipped.json").write_text("[")
    grow(mini)
    assert "01_greet/README.md is yours, and stays" in redloop(work, "update")[1]


def test_doctor_looks_at_everything(work):
    told = redloop(work, "doctor")[1]
    for what in ("System", "Python", "pytest-asyncio", "watchfiles", "Plugin", "Terminal", "Writing", "Judge"):
        assert f" {what} " in told
    assert "01_greet as shipped is red, as it should be" in told


def test_doctor_has_a_cure(work, mini):
    toml = (mini.folder / "kata.toml").read_text()
    (mini.folder / "kata.toml").write_text(toml.replace("requires = []", 'requires = ["no-such-package>=2"]'))
    status, told = redloop(work, "doctor")
    assert status == 1
    assert "✗ no-such-package is missing\n    To mend it: pip install no-such-package\n" in told


def test_plain_has_no_escapes_and_json_is_unharmed(work):
    status, told = redloop(work, "--plain", "list", "--json")
    assert (status, json.loads(told)["name"]) == (0, "mini")
