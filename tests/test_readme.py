"""What the README shows is what there is: its first picture, word for word."""

import re
import shutil
from pathlib import Path

from dojo.commandline import redloop_process

from redloop.dojo import commands

README = (Path(__file__).parent.parent / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


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
