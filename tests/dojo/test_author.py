"""`author check` proves a whole set, and names every way in which one can be broken."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from redloop.dojo import author, sets

if TYPE_CHECKING:
    from redloop.dojo.author import Complaint


def complaints(kata: sets.Kata, runner, *names: str) -> list[Complaint]:
    """About the set as a whole, and about the named exercises, or all."""
    kata = sets.load(kata.folder)
    exercises = [kata.find(name) for name in names] or kata.exercises
    return [each for checked in author.check(kata, exercises, runner) for each in checked.complaints]


def test_a_whole_set_is_proved(mini, runner):
    checked = list(author.check(mini, mini.exercises, runner))
    assert [(each.name, each.complaints) for each in checked] == [("mini", ()), ("01_greet", ()), ("02_count_up", ())]
    assert dict(checked[1].answers) == {"shipped": 1, "solution": 1, "right": 1, "wrong": 3}


GREEN = "async def greet(say, name):\n    return await say(name)\n"
LIES = "# fails: test_says_it\n# looks like: it\n"
EXERCISE, SOLUTION = "kata/01_greet", "solutions/01_greet"

# (file, its new text or None for no file, where the complaint is, what it says)
BREAKAGES = [
    (f"{EXERCISE}/README.md", None, "01_greet/README.md", "is missing"),
    (f"{EXERCISE}/README.md", " \n", "01_greet/README.md", "is empty"),
    (f"{EXERCISE}/hints.md", "## 1\na\n## 3\nb\n", "01_greet/hints.md", "should have three hints"),
    (f"{EXERCISE}/hints.md", "## 1\na\n## 2\n## 3\nb\n", "01_greet/hints.md", "should have three hints"),
    (f"{EXERCISE}/test_greeter.py", None, "01_greet", "needs one module NAME.py"),
    (f"{SOLUTION}/WHY.md", None, "01_greet/WHY.md", "is missing"),
    (f"{SOLUTION}/greeter.py", None, "01_greet/greeter.py", "is missing"),
    (
        f"{SOLUTION}/greeter.py",
        "x = 1\n",
        "01_greet/greeter.py",
        "should be green: ImportError at 01_greet/test_greeter.py:1",
    ),
    (
        f"{SOLUTION}/right/late.py",
        "def greet(:\n",
        "01_greet/right/late.py",
        "should be green: SyntaxError at 01_greet/greeter.py:1",
    ),
    (f"{EXERCISE}/greeter.py", GREEN, "01_greet/greeter.py", "has no `# TODO:`"),
    (f"{EXERCISE}/greeter.py", GREEN, "01_greet/greeter.py", "should be red for one reason: passed"),
    (
        f"{EXERCISE}/greeter.py",
        "# TODO:\nasync def greet(say, name):\n    return name / 2\n",
        "01_greet/greeter.py",
        "should be red by an assertion or a flag whose text is the lesson: test_says_it: TypeError",
    ),
    (
        f"{EXERCISE}/greeter.py",
        "# TODO:\nasync def greet(say, name):\n    if name == 'bob': 1 / 0\n",
        "01_greet/greeter.py",
        "should be red for one reason, and is for several",
    ),
    (f"{SOLUTION}/wrong/x.py", GREEN, "01_greet/wrong/x.py", "its first two lines should be `# fails: test_…`"),
    (f"{SOLUTION}/wrong/x.py", "# fails: test_says_it\n", "01_greet/wrong/x.py", "its first two lines should be"),
    (
        f"{SOLUTION}/wrong/x.py",
        LIES + GREEN,
        "01_greet/wrong/x.py",
        "test_says_it should fail, as its header says, and passed",
    ),
    (
        f"{SOLUTION}/wrong/x.py",
        LIES.replace("says", "say") + GREEN,
        "01_greet/wrong/x.py",
        "its header names test_say_it, which is no test; is it test_says_it?",
    ),
    (
        f"{SOLUTION}/wrong/x.py",
        LIES + "async def greet(say, name): return 'hello'\n",
        "01_greet/wrong/x.py",
        "test_returns_what_was_said failed, which its header does not say (test_says_it: assertion: ada heard nothing",
    ),
    (
        f"{SOLUTION}/wrong/x.py",
        LIES + "import os\nos._exit(1)\n",
        "01_greet/wrong/x.py",
        "should fail an assertion: crashed (exit code 1)",
    ),
    (
        f"{SOLUTION}/wrong/x.py",
        LIES.replace("says_it", "stays_polite") + "import os\nasync def greet(say, name): os._exit(1)\n",
        "01_greet/wrong/x.py",
        (
            "test_stays_polite should fail, as its header says, and did not; test_says_it failed, which its header "
            "does not say (test_says_it: crashed: exit code 1)"
        ),
    ),
    (
        f"{EXERCISE}/test_greeter.py",
        "import greeter\ndef test_new(): assert greeter\n",
        "01_greet/test_greeter.py",
        "no wrong answer fails test_new",
    ),
    ("kata/pytest.ini", None, "pytest.ini", "is missing"),
    (
        "kata/pytest.ini",
        "[pytest]\nfoo\n",
        "01_greet/greeter.py",
        "should be red for one reason: no report (pytest refused to start): ERROR: pytest.ini:2: unexpected line",
    ),
    ("kata/03_more/README.md", "# More", "kata/03_more", "is in no topic of kata.toml"),
    ("solutions/03_more/WHY.md", "# More", "solutions/03_more", "is in no topic of kata.toml"),
]


@pytest.mark.parametrize(("name", "text", "where", "what"), BREAKAGES, ids=lambda value: str(value)[:30])
def test_a_broken_set_is_told_what_is_wrong(mini, runner, name, text, where, what):
    path = mini.folder.parent / name
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    told = complaints(mini, runner, "greet")
    assert any(each.where == where and each.text.startswith(what) for each in told), told


def test_a_wrong_answer_may_end_the_process_in_the_test_that_its_header_names(mini, runner):
    text = LIES + "import os\nasync def greet(say, name): os._exit(0)\n"
    (mini.folder.parent / SOLUTION / "wrong/ends_it_all.py").write_text(text)
    assert complaints(mini, runner) == []


def rename(kata: sets.Kata, old: str, new: str) -> None:
    """Call the module of an exercise something else, in all its files."""
    for folder in (kata.folder, kata.folder.parent / "solutions"):
        for path in list(folder.rglob("*.py")):
            path.write_text(path.read_text().replace(f"from {old} import", f"from {new} import"))
            path.rename(path.with_name(path.name.replace(f"{old}.py", f"{new}.py")))


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("queue", "queue.py hides the standard library's module queue: choose another name"),
        ("pytest", "pytest.py hides an installed package of that name: choose another name"),
    ],
)
def test_a_module_name_that_hides_another_is_refused(mini, runner, module, told):
    rename(mini, "greeter", module)
    assert told in [complaint.text for complaint in complaints(mini, runner)]


def test_a_module_name_is_unique_in_the_set(mini, runner):
    rename(mini, "greeter", "counter")
    assert [complaint.text for complaint in complaints(mini, runner)] == ["2 exercises have the module counter"]


def test_an_exercise_without_a_folder_or_a_wrong_answer(mini, runner):
    for path in (mini.folder.parent / "solutions/02_count_up/wrong").iterdir():
        path.unlink()
    text = (mini.folder / "kata.toml").read_text()
    (mini.folder / "kata.toml").write_text(text.replace('"01_greet"', '"01_greet", "01_nowhere"'))
    assert [complaint.text for complaint in complaints(mini, runner)] == [
        "2 exercises have the number 01",
        "is named in kata.toml and has no folder",
        "has no wrong answer: what keeps counter honest?",
    ]


def test_solutions_may_stand_inside_the_set(mini, runner):
    (mini.folder.parent / "solutions").rename(mini.folder / "solutions")
    assert complaints(mini, runner) == []


TOML = 'name = "x"\n[[topics]]\ntitle = "t"\nexercises = ["01_a"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "Invalid value"),
        ('title = "x"\n', "`name` is missing"),
        ('name = "x"\n', "`topics` is missing"),
        ('name = "x"\ntopics = "all"\n', "`topics` should be a list"),
        ('name = "x"\ntopics = ["all"]\n', "topics should be tables: [[topics]]"),
        (TOML.replace("01_a", "greet"), "an exercise is called NN_name (04_sequential_await), not 'greet'"),
        (TOML.replace('"01_a"', '"01_a", "01_a"'), "01_a is listed twice"),
        (TOML.replace('"01_a"', ""), "there is no exercise in it"),
        (TOML.replace('"x"', "3"), "`name` should be a string"),
    ],
)
def test_a_kata_toml_that_says_something_else(tmp_path, text, told):
    (tmp_path / "kata.toml").write_text(textwrap.dedent(text))
    with pytest.raises(sets.SetError) as caught:
        sets.load(tmp_path)
    assert str(tmp_path / "kata.toml") in str(caught.value)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["01", "1", "greet", "01_greet", "01_greet/", "kata/01_greet", "Greet", "01-greet"])
def test_an_exercise_has_many_names(mini, name):
    assert mini.find(name).name == "01_greet"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gret", 'There is no exercise "gret". Did you mean "greet"?'),
        ("count", 'There is no exercise "count". Did you mean "02_count_up"?'),
        ("77", 'There is no exercise "77". "redloop list" shows them all.'),
        ("", 'There is no exercise "". "redloop list" shows them all.'),
    ],
)
def test_a_name_that_is_none_is_told_the_nearest(mini, name, told):
    with pytest.raises(sets.UnknownExerciseError) as caught:
        mini.find(name)
    assert str(caught.value) == told
