"""Sets of exercises, read from disk: `kata.toml` and the folders that it names.

A set is a folder with `kata.toml`, `pytest.ini` and one folder per exercise. Its solutions are in a folder `solutions`
inside it or, where there is none, beside it.
"""

from __future__ import annotations

import difflib
import importlib.machinery
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATUSES = ("green", "red", "new")
CONFIGURATION = ("pytest.ini", "conftest.py")  # what its tests run with, where the set has it
NAME = re.compile(r"(?P<number>\d+q?)_(?P<key>[a-z][a-z0-9_]*)")


class SetError(Exception):
    """A set that cannot be read; the message is one line that says what and where."""


class UnknownExerciseError(LookupError):
    """No exercise, or more than one, has that name; the message suggests the nearest."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `folder` and `solutions` need not exist: `author check` says what is missing."""

    name: str
    topic: str
    folder: Path
    solutions: Path
    introduction: str = ""  # to its topic, which it opens

    @property
    def number(self) -> str:
        """`04`, or `08q` for a quiz."""
        return self.name.partition("_")[0]

    @property
    def title(self) -> str:
        """`04 sequential_await`, as a heading."""
        return f"{self.number} {self.key}"

    @property
    def is_quiz(self) -> bool:
        """Whether this is a quiz on what came before it."""
        return self.number.endswith("q")

    @property
    def key(self) -> str:
        """The name without the number. Progress is kept under it, so that it survives renumbering."""
        return self.name.partition("_")[2]

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The modules that have a test of their own, which is one in an exercise that is whole."""
        tests = {path.stem.removeprefix("test_") for path in self.folder.glob("test_*.py")}
        return tuple(sorted(path.stem for path in self.folder.glob("*.py") if path.stem in tests))

    @property
    def module(self) -> str:
        """The module that the learner edits. Raises SetError where that is not clear."""
        if len(self.modules) != 1:
            raise SetError(f"{self.folder}: want one module NAME.py with its test_NAME.py, found {len(self.modules)}")
        return self.modules[0]

    @property
    def shipped(self) -> Path:
        """The answer that a learner starts from."""
        return self.folder / f"{self.module}.py"

    @property
    def test(self) -> Path:
        """The test module."""
        return self.folder / f"test_{self.module}.py"

    @property
    def solution(self) -> Path:
        """The set's own answer."""
        return self.solutions / f"{self.module}.py"

    @property
    def reads_timeline(self) -> bool:
        """Whether the test looks at what its `stopwatch` knows from a timeline only."""
        text = self.text(self.test.name)
        readings = "|".join(re.findall(r"stopwatch\(\) as (\w+)", text))
        return bool(readings) and re.search(rf"\b({readings})\.(waited|overlap|peak|spans)\b", text) is not None

    def answers(self, kind: str) -> list[Path]:
        """Other answers that come with the solution; `kind` is `right` or `wrong`."""
        return sorted((self.solutions / kind).glob("*.py"))

    def text(self, filename: str) -> str:
        """The text of one of the files that came with the exercise, or nothing."""
        path = self.folder / filename
        return path.read_text(encoding="utf-8") if path.is_file() else ""


@dataclass(frozen=True)
class Kata:
    """A set of exercises, in the order in which they are practised."""

    name: str
    title: str
    python: str
    requires: tuple[str, ...]
    folder: Path
    exercises: tuple[Exercise, ...]

    def find(self, name: str) -> Exercise:
        """The exercise called `04`, `4`, `sequential_await` or `04_sequential_await`; raises UnknownExerciseError."""
        wanted = name.strip().rstrip("/").rpartition("/")[2].lower().replace("-", "_")
        if re.fullmatch(r"\d+q?", wanted):
            wanted = wanted.rjust(3 if wanted.endswith("q") else 2, "0")
        for exercise in self.exercises:
            if wanted in (exercise.name, exercise.key, exercise.number):
                return exercise
        known = [each for exercise in self.exercises for each in (exercise.key, exercise.name)]
        inside = [exercise.name for exercise in self.exercises if len(wanted) > 2 and wanted in exercise.name]  # noqa: PLR2004
        near = inside[:1] or difflib.get_close_matches(wanted, known, n=1)
        suggestion = f'Did you mean "{near[0]}"?' if near else '"redloop list" shows them all.'
        raise UnknownExerciseError(f'There is no exercise "{name}". {suggestion}')

    def search(self, words: Iterable[str], status: Mapping[str, str]) -> list[Exercise]:
        """The exercises that all the words fit: a status, a part of the name or topic, or a word of the README.

        `status` has the statuses that are not `new`, by exercise name without the number.
        """
        wanted = [word.lower().replace("-", "_") for word in words]
        return [
            each for each in self.exercises if all(_fits(word, each, status.get(each.key, "new")) for word in wanted)
        ]


def _fits(word: str, exercise: Exercise, status: str) -> bool:
    if word in STATUSES:
        return word == status
    readme = re.findall(r"\w+", exercise.text("README.md").lower())
    return word in exercise.name or word in exercise.topic.lower() or word in readme


def load(folder: Path) -> Kata:
    """The set in `folder`. Raises SetError where `kata.toml` is missing or says something else than it should."""
    path = folder / "kata.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetError(f"{folder} is no set of exercises: it has no kata.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetError(f"{path}: {error}") from None
    except OSError as error:
        raise SetError(f"{path} cannot be read: {error.strerror}") from None
    name = _field(path, data, "name", str)
    python = _field(path, data, "python", str, ">=3.11")
    _check_python(path, python)
    solutions = next((each for each in (folder / "solutions", folder.parent / "solutions") if each.is_dir()), None)
    exercises = tuple(
        Exercise(each, topic, folder / each, (solutions or folder.parent / "solutions") / each, introduction)
        for topic, each, introduction in _names(path, data)
    )
    return Kata(
        name=name,
        title=_field(path, data, "title", str, name),
        python=python,
        requires=tuple(map(str, _field(path, data, "requires", list, []))),
        folder=folder,
        exercises=exercises,
    )


def python_version() -> str:
    """`3.13.0`. The module platform takes longer to import than a set to read."""
    return ".".join(map(str, sys.version_info[:3]))


def _check_python(path: Path, wanted: str) -> None:
    if not (found := re.fullmatch(r">= *(\d+(?:\.\d+)*)", wanted.strip())):
        raise SetError(
            f'{path}: `python` should say the first version that will do (python = ">=3.11"), not {wanted!r}'
        )
    if sys.version_info < tuple(map(int, found[1].split("."))):
        raise SetError(f"{path}: these exercises need Python {wanted}, and this is {python_version()}")


def _names(path: Path, data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Topic and name of every exercise, checked; with the topic's first one its introduction."""
    found: dict[str, tuple[str, str]] = {}
    for topic in _field(path, data, "topics", list):
        if not isinstance(topic, dict):
            raise SetError(f"{path}: topics should be tables: [[topics]]")
        title = _field(path, topic, "title", str)
        introduction = _field(path, topic, "introduction", str, "")
        for name in _field(path, topic, "exercises", list):
            if not isinstance(name, str) or not NAME.fullmatch(name):
                raise SetError(f"{path}: an exercise is called NN_name (04_sequential_await), not {name!r}")
            if name in found:
                raise SetError(f"{path}: {name} is listed twice")
            found[name] = (title, introduction)
            introduction = ""
    if not found:
        raise SetError(f"{path}: there is no exercise in it")
    return [(title, name, introduction) for name, (title, introduction) in found.items()]


def _field(path: Path, data: dict[str, Any], key: str, kind: type, default: object = None) -> Any:
    value = data.get(key, default)
    if not isinstance(value, kind):
        what = "is missing" if value is None else f"should be a {'string' if kind is str else 'list'}"
        raise SetError(f"{path}: `{key}` {what}")
    return value


def own() -> Path:
    """The folder of the set that came with redloop: data in a wheel, the repository's `kata/` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_data" / "kata"
    return packaged if packaged.is_dir() else package.parent.parent / "kata"


def locate(source: str) -> Path:
    """The folder of a set that somebody names: a path or, where there is none, an installed package.

    In a package the set is the package's folder, or `kata` or `_data/kata` below it. Nothing of it is imported.
    Raises SetError.
    """
    path = Path(source).expanduser()
    if path.exists() or not source.isidentifier():
        return path
    found = importlib.machinery.PathFinder.find_spec(source)
    for root in map(Path, (found and found.submodule_search_locations) or ()):
        for folder in (root, root / "kata", root / "_data" / "kata"):
            if (folder / "kata.toml").is_file():
                return folder
    if found is None:
        raise SetError(f"{source} is no folder here and no installed package. Install it first, or name its folder")
    raise SetError(f"The package {source} has no set of exercises: no kata.toml in it or in its folder kata")


def distribution(requirement: str) -> str:
    """The name in a requirement such as `aiohttp>=3.10`."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
    return found[0] if found else requirement
