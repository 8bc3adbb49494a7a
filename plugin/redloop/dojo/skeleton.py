"""A new exercise to fill in: whole and small, so that `author check` has nothing to say against it but what it shows.

It is an exercise about nothing, with every part in its place: change one part at a time and check again.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from redloop.dojo import sets
from redloop.dojo.sets import NAME, SetError

if TYPE_CHECKING:
    from pathlib import Path

KATA = """\
name = "{set}"
title = "{set}"
python = ">=3.11"
requires = ["pytest-asyncio", "pytest-timeout", "hypothesis"]

[[topics]]
title = "first steps"
introduction = "What the exercises of this topic have in common, in two or three sentences. It is shown with the first."
exercises = ["{name}"]
"""

EXERCISE = {
    "README.md": """\
# {title}

The story: who waits for what, in two or three sentences. Here, a messenger has letters to deliver.

## WHAT'S WRONG
What one sees, not why. Here, nobody gets a letter.

## YOUR JOB
Which function, in which file, and what it should do. Make `{key}` in `{key}.py` deliver every letter, in order.

## THINK ABOUT
A question that leads to the idea.

[Coroutines](https://docs.python.org/3/library/asyncio-task.html#coroutines) ·
[Awaitables](https://docs.python.org/3/library/asyncio-task.html#awaitables)
""",
    "hints.md": """\
## 1
A question.
## 2
The idea.
## 3
Nearly the answer.
""",
    "{key}.py": '''\
"""One line: what this module does."""


async def {key}(deliver, letters):
    """Deliver every letter, and return what was answered, in order."""
    # TODO: nothing is delivered yet.
    return [letter for letter in letters]
''',
    "test_{key}.py": """\
import asyncio

from {key} import {key}


async def test_delivers_every_letter_in_order():
    delivered = []

    async def deliver(letter):
        await asyncio.sleep(0)
        delivered.append(letter)

    await {key}(deliver, ["a", "b"])
    assert delivered == ["a", "b"], f"a and b were written, and what arrived is {{delivered}}"


async def test_returns_what_was_answered():
    async def deliver(letter):
        return f"{{letter}}?"

    answers = await {key}(deliver, ["a", "b"])
    assert answers == ["a?", "b?"], f"a? and b? were answered, and what came back is {{answers}}"
""",
}

SOLUTION = {
    "{key}.py": '''\
"""One line: what this module does."""


async def {key}(deliver, letters):
    """Deliver every letter, and return what was answered, in order."""
    return [await deliver(letter) for letter in letters]  # a comment that says why
''',
    "WHY.md": """\
**What just happened.** Two sentences.

**What people get wrong.** Two sentences.

**Where it goes next.** One sentence.
""",
    "right/a_plain_loop.py": """\
async def {key}(deliver, letters):
    answers = []
    for letter in letters:
        answers.append(await deliver(letter))
    return answers
""",
    "wrong/the_answers_are_lost.py": """\
# fails: test_returns_what_was_answered
# looks like: every letter is delivered, and the answers are thrown away.
async def {key}(deliver, letters):
    for letter in letters:
        await deliver(letter)
""",
    "wrong/the_other_way_round.py": """\
# fails: test_delivers_every_letter_in_order test_returns_what_was_answered
# looks like: the last letter is delivered first.
async def {key}(deliver, letters):
    return [await deliver(letter) for letter in reversed(letters)]
""",
}


def make(folder: Path, name: str) -> tuple[str, bool]:
    """Make an exercise in the set `folder`, which is made where there is none.

    `name` is `NN_name`, or `name` for the next number that is free. Returns the exercise's name and whether the set is
    new. Raises SetError where there is something in the way; nothing is overwritten.
    """
    fresh = not (folder / "kata.toml").exists()
    kata = None if fresh else sets.load(folder)
    taken = [int(re.match(r"\d+", each.number)[0]) for each in (kata.exercises if kata else ())]  # type: ignore[index]
    full = name if name[:1].isdigit() else f"{max(taken, default=0) + 1:02}_{name}"
    if not (found := NAME.fullmatch(full)):
        raise SetError(f"An exercise is called NN_name or name, in small letters (slow_start), not {name}")
    beside = folder.parent / "solutions"
    solutions = kata.exercises[0].solutions.parent if kata else folder / "solutions" if beside.exists() else beside
    for place in (folder / full, solutions / full):
        if place.exists():
            raise SetError(f"{place} is there already, and was left as it is")
    if kata and found["key"] in [each.key for each in kata.exercises]:
        raise SetError(f"{folder} has an exercise called {found['key']} already: choose another name")
    try:
        _fill(folder / full, EXERCISE, found["key"])
        _fill(solutions / full, SOLUTION, found["key"])
        if fresh:
            whole = folder.resolve()
            title = whole.name if whole.name != "kata" else whole.parent.name or "kata"
            shutil.copyfile(sets.own() / "pytest.ini", folder / "pytest.ini")
            text = KATA.format(set=re.sub(r'["\\]', "", title), name=full)
            (folder / "kata.toml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise SetError(f"{full} was not made: {error.strerror} ({error.filename})") from None
    return full, fresh


def _fill(folder: Path, texts: dict[str, str], key: str) -> None:
    title = key.replace("_", " ").capitalize()
    for name, text in texts.items():
        path = folder / name.format(key=key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(key=key, title=title), encoding="utf-8")
