"""A learner's copy of a set: a folder with one folder per exercise, and state in `.redloop/`.

`.redloop/set.json` makes a folder a workspace and says which set it came from. It is written last, so a workspace is
whole or not there. What a learner wrote is never overwritten.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redloop.dojo import files, sets
from redloop.dojo.progress import DAMAGED
from redloop.dojo.sets import CONFIGURATION, Exercise, Kata, SetError

STATE = ".redloop"
ORIGIN = "set.json"
VERSION = 1
AROUND = ("kata.toml", *CONFIGURATION, "README.md")  # what goes with the exercises, where the set has it


class WorkspaceError(Exception):
    """A workspace that cannot be made or used; the message is one line that says why and what to do."""


class AnswerError(WorkspaceError):
    """An answer that cannot be read, which a reset cures; `what` says why, without the command."""

    def __init__(self, what: str, exercise: Exercise) -> None:
        super().__init__(f"{what}. Get the shipped one back: redloop reset {exercise.number}")
        self.what = what


@dataclass(frozen=True)
class Workspace:
    """A workspace on disk, and the set that it came from."""

    folder: Path
    kata: Kata

    @property
    def state(self) -> Path:
        """Where progress is kept."""
        return self.folder / STATE

    def place(self, exercise: Exercise) -> Path:
        """The folder of an exercise: of the same name, or of the number that it had when it came here."""
        place = self.folder / exercise.name
        if not place.exists():
            for other in sorted(self.folder.glob(f"*_{exercise.key}")):
                found = sets.NAME.fullmatch(other.name)
                if found and found["key"] == exercise.key and other.is_dir():
                    return other
        return place

    def path(self, exercise: Exercise) -> Path:
        """The file that the learner edits."""
        return self.place(exercise) / exercise.shipped.name

    def shown(self, exercise: Exercise) -> str:
        """The path of that file as one would type it in the current folder."""
        path = self.path(exercise)
        try:
            # not Path.resolve: before Python 3.13 it raises RuntimeError for links in a circle
            return str(Path(os.path.realpath(path)).relative_to(Path.cwd()))
        except ValueError:
            return str(path)

    def answer(self, exercise: Exercise) -> bytes:
        """The learner's answer. Raises WorkspaceError where there is none to read."""
        path, shown = self.path(exercise), self.shown(exercise)
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a folder; a pipe, which would keep us waiting
                raise AnswerError(f"{shown} is no file", exercise)
            return path.read_bytes()
        except FileNotFoundError:
            raise AnswerError(f"{shown} is not there", exercise) from None
        except PermissionError as error:
            raise WorkspaceError(
                f"{shown} cannot be read: {error.strerror}. Type: chmod u+rw {shlex.quote(shown)}"
            ) from None
        except OSError as error:
            raise AnswerError(f"{shown} cannot be read: {error.strerror}", exercise) from None

    def differing(self, exercise: Exercise) -> list[str]:
        """The files here that should be as the set has them and are not: the set's own decide, and we say so."""
        place = self.place(exercise)
        pairs = [(place / path.name, path) for path in sorted(exercise.folder.glob("*.py"))]
        pairs = [pair for pair in pairs if pair[1] != exercise.shipped]
        pairs += [(self.folder / name, self.kata.folder / name) for name in CONFIGURATION]
        return [str(mine.relative_to(self.folder)) for mine, own in pairs if files.read(mine) != files.read(own)]


def create(folder: Path, source: str | None) -> Workspace:
    """Make `folder` a workspace of a set: a path, a package or, with None, the one that came with redloop.

    One that lost its state gets it back as new, and keeps all its files. Raises WorkspaceError, SetError; then nothing
    has changed.
    """
    kata = sets.load(sets.own() if source is None else sets.locate(source))
    if (folder / STATE / ORIGIN).exists():
        raise WorkspaceError(f"{folder} is a workspace already. Go on there: cd {shlex.quote(str(folder))} && redloop")
    made = not folder.exists()
    found = Workspace(folder, kata)
    try:
        if any(found.place(each).exists() for each in kata.exercises) and not _is_same(folder, kata.folder):
            _add_state(folder, kata, source)
            return found
        folder.mkdir(parents=True, exist_ok=True)
        if other := next(filter(_in_the_way, sorted(folder.iterdir())), None):
            raise WorkspaceError(f"{folder} is not empty: it has {other.name}. Name a new folder: redloop start DIR")
        _fill(folder, kata, source)
    except OSError as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        where = error.filename if isinstance(error.filename, str) else folder
        raise WorkspaceError(f"No workspace was made in {folder}: {error.strerror} ({where})") from None
    return found


def _is_same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _in_the_way(path: Path) -> bool:
    return not path.name.startswith(".") and not (path / "pyvenv.cfg").exists()


def _fill(folder: Path, kata: Kata, source: str | None) -> None:
    """Copy the set beside its place first, so that a full disk leaves nothing half made."""
    stage = Path(tempfile.mkdtemp(prefix=".redloop-", dir=folder))
    try:
        for name in AROUND:
            if (kata.folder / name).is_file():
                shutil.copyfile(kata.folder / name, stage / name)
        for exercise in kata.exercises:
            _copy(exercise.folder, stage / exercise.name)
        _add_state(stage, kata, source)
        for path in sorted(stage.iterdir(), key=lambda each: each.name == STATE):  # what makes it a workspace is last
            os.rename(path, folder / path.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _add_state(folder: Path, kata: Kata, source: str | None) -> None:
    origin: dict[str, object] = {"version": VERSION, "name": kata.name, "folder": None}
    if source is not None and not Path(source).expanduser().exists():
        origin["package"] = source  # wherever it is installed by then
    elif kata.folder != sets.own():
        origin["folder"] = str(kata.folder.resolve())
    (folder / STATE).mkdir(exist_ok=True)
    files.write(folder / STATE / ".gitignore", b"*\n")
    files.write(folder / STATE / ORIGIN, f"{json.dumps(origin)}\n".encode())


def _copy(source: Path, target: Path) -> None:
    """Copy texts without their permissions: where a set is installed, it may be read-only."""
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_dir() and path.name != "__pycache__":
            _copy(path, target / path.name)
        elif path.is_file():
            shutil.copyfile(path, target / path.name)


def find(start: Path) -> Workspace | None:
    """The workspace that `start` is in, or None. Raises WorkspaceError, SetError for one that is broken."""
    for folder in (start, *start.parents):
        file = folder / STATE / ORIGIN
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if data.get("version", VERSION) > VERSION:
                raise WorkspaceError(f"{folder} was made by a later redloop. Get that one: pip install -U redloop")
            source = _source(data)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except DAMAGED:
            raise WorkspaceError(f"{file} is damaged. It should say which set this is: {_OUR_ORIGIN}") from None
        except OSError as error:
            raise WorkspaceError(f"{file} cannot be read: {error.strerror}") from None
        if not source.is_dir():
            raise SetError(
                f"{folder} was made from the set in {source}, which is not there any more. "
                f"Put it back, or write into {file} where it is now"
            )
        return Workspace(folder, sets.load(source))
    return None


def without_state(start: Path) -> tuple[Path, str] | None:
    """The workspace that `start` is in whose state is gone, and the name of its set; None where there is none.

    It looks as a set does, but a set has its solutions in or beside it. Raises SetError where its kata.toml is broken.
    """
    for folder in (start, *start.parents):
        if (folder / "kata.toml").is_file():
            is_set = any((each / "solutions").is_dir() for each in (folder, folder.parent))
            return None if is_set else (folder, sets.load(folder).name)
    return None


def _source(origin: dict[str, Any]) -> Path:
    if package := origin.get("package"):
        return sets.locate(str(package))
    return Path(origin["folder"]) if origin["folder"] is not None else sets.own()


_OUR_ORIGIN = '{"version": 1, "name": "redloop", "folder": null} for the one that came with redloop'
