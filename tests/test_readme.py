"""What the README shows is what there is: its first picture, its examples, and every name in its tables."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from dojo.commandline import environ, redloop_process

import redloop
from redloop.dojo import commands
from redloop.pytest_plugin import options

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
FETCH = """
import asyncio

async def fetch():
    await asyncio.sleep(2)
"""
FAILS = """
try:
    test_balance()
except AssertionError as error:
    print(*error.__notes__)
"""


def test_the_first_picture_is_what_the_command_prints(tmp_path):
    """A line `…` stands for any lines."""
    workspace = commands.make(tmp_path / "my-kata", None)
    exercise = workspace.kata.find("04")
    for command, shown in re.findall(r"^\$ (.*)\n((?:[^$\n].*\n|\n)*)", BLOCKS[0][1], re.MULTILINE):
        if command.startswith("edit "):
            answer = workspace.folder / command.split()[1]
            shutil.copy(exercise.solutions / answer.name, answer)
        else:
            told = redloop_process(workspace.folder, *command.split()[1:])[1]
            lines = ["(.*\\n)*" if line == "…\n" else re.escape(line) for line in shown.splitlines(keepends=True)]
            assert re.fullmatch("".join(lines), told), told


def test_the_stopwatch_reads_what_it_says(pytester):
    pytester.makepyfile(test_it=FETCH + PYTHON[0])
    arguments = ("--redloop-clock=virtual", "--redloop-json=report.json", "-oasyncio_mode=auto", "-pno:randomly")
    pytester.runpytest_subprocess(*arguments).assert_outcomes(passed=1)
    [test] = json.loads((pytester.path / "report.json").read_text())["tests"]
    run = redloop.Run.from_json(test)
    assert (run.elapsed, run.waited, run.overlap) == (2.0, 6.0, 3.0)


def test_the_script_runs(tmp_path):
    (tmp_path / "script.py").write_text(PYTHON[1] + FAILS)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=environ(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("-- forced switch: Task-2 withdraw could go on at ") == 2  # explored, and drawn


def test_every_name_is_in_a_table():
    _, _, section = README.partition("\n## From Python\n")
    first_cells = re.findall(r"^\|(.*?)\|(.*)\|$", section, re.MULTILINE)
    named = {name for cells in first_cells for cell in cells for name in re.findall(r"`(\w+)[`(]", cell)}
    assert set(redloop.__all__) - named == set()


def test_every_option_and_every_keyword_of_the_marker_is_told():
    names = [setting.name for setting in options.SETTINGS if setting.option]
    assert [name for name in (*names, "baseline-update") if f"`--redloop-{name}" not in README] == []
    assert [name for name in options.LISTS if f"`redloop_{name}`" not in README] == []
    own = [setting.name for setting in options.SETTINGS if not setting.option]
    assert [name for name in own if f"{name}=" not in README] == []
    assert set(re.findall(r"(\w+)=", options.MARKER.partition("):")[0])) == set(options.MARKER_NAMES)
