from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

import pytest
from dojo.commandline import shared_runner

from redloop.dojo import commands, sets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redloop.dojo.runner import Runner
    from redloop.dojo.sets import Exercise, Kata

# A set of two exercises that needs no virtual clock: small, whole, and red for one reason each.
SET = {
    "kata/kata.toml": """
        name = "mini"
        title = "A mini kata"
        python = ">=3.11"
        requires = []

        [[topics]]
        title = "first steps"
        introduction = "Two people and a door."
        exercises = ["01_greet"]

        [[topics]]
        title = "second steps"
        exercises = ["02_count_up"]
        """,
    "kata/pytest.ini": """
        [pytest]
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = module
        asyncio_default_test_loop_scope = module
        timeout = 5
        """,
    "kata/01_greet/README.md": """
        # Greet

        Two people wait at the door, and nobody says hello.

        ## WHAT'S WRONG
        The greeting is made and never said.

        ## YOUR JOB
        Make `greet` say it.

        ## THINK ABOUT
        What does a call of an `async def` do?

        [Coroutines](https://docs.python.org/3/library/asyncio-task.html#coroutines) ·
        [Awaitables](https://docs.python.org/3/library/asyncio-task.html#awaitables)
        """,
    "kata/01_greet/hints.md": "## 1\nWho runs it?\n## 2\nSomebody must wait.\n## 3\nawait say(name)\n",
    "kata/01_greet/greeter.py": '''
        """Hello?"""


        async def greet(say, name):
            """Say hello to `name`."""
            # TODO: nobody hears it.
            return "hello"
        ''',
    "kata/01_greet/test_greeter.py": """
        from greeter import greet


        class Door:
            def __init__(self):
                self.said = []

            async def say(self, name):
                self.said.append(name)
                return f"hello {name}"


        async def test_says_it():
            door = Door()
            await greet(door.say, "ada")
            assert door.said == ["ada"], "ada heard nothing"


        async def test_returns_what_was_said():
            assert await greet(Door().say, "bob") == "hello bob", "the greeting is not the one that was said"


        async def test_stays_polite():
            assert "hello" in await greet(Door().say, "eve"), "that was not polite"
        """,
    "solutions/01_greet/greeter.py": """
        async def greet(say, name):
            return await say(name)  # a call alone runs nothing
        """,
    "solutions/01_greet/WHY.md": "A coroutine runs when somebody waits for it.\n",
    "solutions/01_greet/right/in_two_lines.py": """
        async def greet(say, name):
            greeting = await say(name)
            return greeting
        """,
    "solutions/01_greet/wrong/made_up.py": """
        # fails: test_says_it
        # looks like: the greeting is made up here, so nobody heard it
        async def greet(say, name):
            return f"hello {name}"
        """,
    "solutions/01_greet/wrong/said_and_lost.py": """
        # fails: test_returns_what_was_said
        # looks like: it is said, and then something else is returned
        async def greet(say, name):
            await say(name)
            return "hello"
        """,
    "solutions/01_greet/wrong/only_the_name.py": """
        # fails: test_returns_what_was_said test_stays_polite
        # looks like: the name is returned in place of the greeting
        async def greet(say, name):
            await say(name)
            return name
        """,
    "kata/02_count_up/README.md": """
        # Count up

        A counter that skips.

        ## WHAT'S WRONG
        Every second number is missing.

        ## YOUR JOB
        Count every number.

        ## THINK ABOUT
        Who else could count?

        https://docs.python.org/3/library/asyncio.html https://docs.python.org/3/library/asyncio-task.html
        """,
    "kata/02_count_up/hints.md": "## 1\nHow far?\n## 2\nOne by one.\n## 3\nrange(n)\n",
    "kata/02_count_up/counter.py": '''
        """One, two, three."""


        def count_up(n):
            # TODO: do not skip.
            return list(range(0, n, 2))
        ''',
    "kata/02_count_up/test_counter.py": """
        import pytest
        from counter import count_up


        @pytest.mark.parametrize("n", [2, 5])
        def test_counts_all(n):
            assert len(count_up(n)) == n, f"{len(count_up(n))} of {n} numbers"


        def test_starts_at_zero():
            assert count_up(1) == [0]
        """,
    "solutions/02_count_up/counter.py": "def count_up(n):\n    return list(range(n))  # the step is 1\n",
    "solutions/02_count_up/WHY.md": "Steps add up.\n",
    "solutions/02_count_up/right/by_hand.py": "def count_up(n):\n    return [*range(n)]\n",
    "solutions/02_count_up/wrong/from_one.py": """
        # fails: test_starts_at_zero
        # looks like: it counts from one
        def count_up(n):
            return list(range(1, n + 1))
        """,
    "solutions/02_count_up/wrong/one_too_far.py": """
        # fails: test_counts_all
        # looks like: it counts one too far
        def count_up(n):
            return list(range(n + 1)) if n > 1 else [0]
        """,
}


def write_set(folder: Path) -> Path:
    """The mini set below `folder`; the path of its `kata` folder."""
    for name, text in SET.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).removeprefix("\n"), encoding="utf-8")
    return folder / "kata"


@pytest.fixture
def mini(tmp_path: Path) -> Kata:
    """A set of our own to break."""
    return sets.load(write_set(tmp_path / "mini"))


@pytest.fixture(scope="session")
def greet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    """An exercise that nobody breaks."""
    folder = tmp_path_factory.mktemp("greet")
    yield sets.load(write_set(folder)).find("greet")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def runner() -> Runner:
    return shared_runner()


@pytest.fixture
def work(tmp_path: Path, mini) -> Path:
    """A workspace of the mini set, as `redloop start` makes it, before anything was judged."""
    return commands.make(tmp_path / "dojo", str(mini.folder)).folder
