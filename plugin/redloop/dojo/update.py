"""Brings a workspace up to its set, and never touches a file that the learner changed.

What was copied is kept by its digest in `.redloop/shipped.json`. A file that still has it, or is as the set has it, is
the set's to replace; any other is the learner's. A workspace without that file has only the learner's.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING

from redloop.dojo import files
from redloop.dojo.progress import DAMAGED, locked
from redloop.dojo.workspace import AROUND, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redloop.dojo.sets import Exercise
    from redloop.dojo.workspace import Workspace

FILE = "shipped.json"


def update(work: Workspace) -> Iterator[tuple[str, str]]:
    """Pairs of what was done (`added`, `renamed`, `updated`, `kept`) and to what. Raises WorkspaceError."""
    try:
        with locked(work.state):
            digests = _read(work)
            yield from _update(work, digests)
            _write(work, digests)
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else work.folder
        raise WorkspaceError(f"The update stopped: {error.strerror} ({where}). Nothing of yours was changed") from None


def remember(work: Workspace) -> None:
    """Note what a new workspace was filled with. Raises OSError."""
    _write(work, {name: _digest(text) for name, own in _pairs(work) if (text := files.read(own)) is not None})


def _update(work: Workspace, digests: dict[str, str]) -> Iterator[tuple[str, str]]:
    for exercise in work.kata.exercises:
        yield from _place(work, exercise, digests)
    for name, own in _pairs(work):
        mine, text = work.folder / name, own.read_bytes()
        old = files.read(mine)
        if mine.exists() and old != text:
            if old is None or digests.get(name) != _digest(old):
                if digests.get(name) != _digest(text):  # the set has something new, too
                    yield "kept", name
                continue
            yield "updated", name
        if old != text:
            files.write(mine, text)
        digests[name] = _digest(text)


def _place(work: Workspace, exercise: Exercise, digests: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give an exercise its folder, the one under its old number where there is that, with the data that it reads."""
    target, place = work.folder / exercise.name, work.place(exercise)
    if not place.exists():
        yield "added", exercise.name
    elif place != target:
        os.rename(place, target)
        for name in [name for name in digests if name.startswith(f"{place.name}/")]:
            digests[f"{exercise.name}/{name.partition('/')[2]}"] = digests.pop(name)
        yield "renamed", f"{place.name} to {exercise.name}"
    target.mkdir(exist_ok=True)
    for path in sorted(exercise.folder.iterdir()):
        if path.is_dir() and path.name != "__pycache__" and not (target / path.name).exists():
            shutil.copytree(path, target / path.name, copy_function=shutil.copyfile)


def _pairs(work: Workspace) -> Iterator[tuple[str, Path]]:
    """Each file of the set, and its name from the workspace's folder on."""
    for name in AROUND:
        if (work.kata.folder / name).is_file():
            yield name, work.kata.folder / name
    for exercise in work.kata.exercises:
        for path in sorted(exercise.folder.iterdir() if exercise.folder.is_dir() else ()):
            if path.is_file():
                yield f"{exercise.name}/{path.name}", path


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _read(work: Workspace) -> dict[str, str]:
    try:
        return {str(name): str(digest) for name, digest in json.loads((work.state / FILE).read_bytes()).items()}
    except (*DAMAGED, OSError):
        return {}


def _write(work: Workspace, digests: dict[str, str]) -> None:
    files.write(work.state / FILE, json.dumps(digests, indent=1).encode() + b"\n")
