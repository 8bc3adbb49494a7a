"""A learner's copy of a set: a folder with one folder per exercise, and state in `.redloop/`.

`.redloop/set.json` makes a folder a workspace and says which set it came from. It is written last, so a workspace is
whole or not there. What a learner wrote is never overwritten.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from redloop.dojo import sets
from redloop.dojo.sets import Exercise, Kata, SetError

STATE = ".redloop"
MARK = "set.json"
AROUND = ("kata.toml", "pytest.ini", "conftest.py", "README.md")  # what goes with the exercises, where the set has it


class WorkspaceError(Exception):
    """A workspace that cannot be made or used; the message is one line that says why and what to do."""


@dataclass(frozen=True)
class Workspace:
    """A workspace on disk, and the set that it came from."""

    folder: Path
    kata: Kata

    @property
    def state(self) -> Path:
        """Where progress is kept."""
        return self.folder / STATE

    def path(self, exercise: Exercise) -> Path:
        """The file that the learner edits."""
        return self.folder / exercise.name / exercise.shipped.name

    def answer(self, exercise: Exercise) -> bytes:
        """The learner's answer. Raises WorkspaceError where there is none to read."""
        path = self.path(exercise)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise WorkspaceError(f"{path} is not there. The file to begin with is {exercise.shipped}") from None
        except OSError as error:
            raise WorkspaceError(f"{path} cannot be read: {error.strerror}") from None

    def begun(self, exercise: Exercise) -> bool:
        """Whether the answer is another than the one that was shipped."""
        return self.answer(exercise) != exercise.shipped.read_bytes()

    def differing(self, exercise: Exercise) -> list[str]:
        """The files here that should be as the set has them and are not: the set's own decide, and we say so."""
        pairs = [(self.folder / exercise.name / path.name, path) for path in sorted(exercise.folder.glob("*.py"))]
        pairs = [pair for pair in pairs if pair[1] != exercise.shipped]
        pairs += [(self.folder / name, self.kata.folder / name) for name in ("pytest.ini", "conftest.py")]
        return [str(mine.relative_to(self.folder)) for mine, own in pairs if _read(mine) != _read(own)]


def create(folder: Path, source: Path) -> Workspace:
    """Make `folder` a workspace of the set in `source`. Raises WorkspaceError, SetError; then nothing has changed."""
    kata = sets.load(source)
    if (folder / STATE / MARK).exists():
        raise WorkspaceError(f"{folder} is a workspace already. Go on there: cd {folder} && redloop")
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if other := next(filter(_in_the_way, sorted(folder.iterdir())), None):
            raise WorkspaceError(f"{folder} is not empty: it has {other.name}. Name a new folder: redloop start DIR")
        _fill(folder, kata)
    except OSError as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        where = error.filename if isinstance(error.filename, str) else folder
        raise WorkspaceError(f"No workspace was made in {folder}: {error.strerror} ({where})") from None
    return Workspace(folder, kata)


def _in_the_way(path: Path) -> bool:
    return not path.name.startswith(".") and not (path / "pyvenv.cfg").exists()


def _fill(folder: Path, kata: Kata) -> None:
    """Copy the set beside its place first, so that a full disk leaves nothing half made."""
    stage = Path(tempfile.mkdtemp(prefix=".redloop-", dir=folder))
    try:
        for name in AROUND:
            if (kata.folder / name).is_file():
                shutil.copyfile(kata.folder / name, stage / name)
        for exercise in kata.exercises:
            _copy(exercise.folder, stage / exercise.name)
        (stage / STATE).mkdir()
        (stage / STATE / ".gitignore").write_text("*\n", encoding="utf-8")
        source = None if kata.folder == sets.own() else str(kata.folder.resolve())
        mark = {"version": 1, "name": kata.name, "folder": source}
        (stage / STATE / MARK).write_text(json.dumps(mark) + "\n", encoding="utf-8")
        for path in sorted(stage.iterdir(), key=lambda each: each.name == STATE):  # the mark comes last
            os.rename(path, folder / path.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


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
        mark = folder / STATE / MARK
        if not mark.is_file():
            continue
        try:
            data = json.loads(mark.read_text(encoding="utf-8"))
            source = Path(data["folder"]) if data["folder"] is not None else sets.own()
        except (ValueError, TypeError, KeyError):
            raise WorkspaceError(f"{mark} is damaged. It should say which set this is: {_MARK_OF_OURS}") from None
        except OSError as error:
            raise WorkspaceError(f"{mark} cannot be read: {error.strerror}") from None
        if not source.is_dir():
            raise SetError(f"{folder} was made from the set in {source}, which is not there any more")
        return Workspace(folder, sets.load(source))
    return None


_MARK_OF_OURS = '{"version": 1, "name": "redloop", "folder": null} for the one that came with redloop'


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
