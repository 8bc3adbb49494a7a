"""A temporary folder in which one answer stands between the set's own tests."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from redloop.dojo.sets import CONFIGURATION

if TYPE_CHECKING:
    import os

    from redloop.dojo.sets import Exercise


class Bench:
    """The folder `root`, below `folder`, with the tests of `exercise`, copied now. The answer comes later."""

    def __init__(self, exercise: Exercise, folder: Path) -> None:
        self.exercise = exercise
        folder.mkdir(mode=0o700, exist_ok=True)  # somebody may have tidied up
        self.root = Path(tempfile.mkdtemp(dir=folder)).resolve()
        self._stamps = _stamps(exercise)
        self._fill()

    def _fill(self) -> None:
        exercise = self.exercise
        ignore = shutil.ignore_patterns("__pycache__", "*.md", exercise.shipped.name)
        shutil.copytree(exercise.folder, self.root / exercise.name, ignore=ignore)
        (self.root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        for name in CONFIGURATION:
            if (exercise.folder.parent / name).is_file():
                shutil.copyfile(exercise.folder.parent / name, self.root / name)
        self._is_used = False

    def renew(self) -> None:
        """Remove what an answer left behind. Raises OSError."""
        if self._is_used:
            for path in self.root.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            self._fill()

    def is_for(self, exercise: Exercise) -> bool:
        """Whether this is what a new bench for `exercise` would be: the set's author may have changed the tests."""
        return exercise == self.exercise and self.root.is_dir() and self._stamps == _stamps(exercise)

    def put(self, answer: bytes) -> None:
        """Put the answer in its place."""
        self._is_used = True
        (self.root / self.exercise.name / self.exercise.shipped.name).write_bytes(answer)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.root, ignore_errors=True)


def _stamps(exercise: Exercise) -> list[tuple[str, int, int]]:
    """What changes when one of the files that are copied does."""
    paths = [*sorted(exercise.folder.rglob("*.py")), *(exercise.folder.parent / name for name in CONFIGURATION)]
    return [
        (str(path), status.st_mtime_ns, status.st_size)
        for path in paths
        if path != exercise.shipped and (status := _status(path)) is not None
    ]


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
