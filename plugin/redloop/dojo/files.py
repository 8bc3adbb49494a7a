"""Writes files so that a crash, a full disk or a second writer leaves the old text or the new one, never half of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Replace what is in `path` at once: written beside it, then renamed. Raises OSError; then nothing has changed."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, path.stat().st_mode & 0o777 if path.is_file() else 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def keep(path: Path) -> Path:
    """Keep what is in `path` beside it, as `name.py.1` or the next number that is free; where it was kept."""
    for number in count(1):
        beside = path.with_name(f"{path.name}.{number}")
        if beside.exists():
            continue
        if not path.is_file():
            os.rename(path, beside)
        else:
            with path.open("rb") as old, beside.open("xb") as new:
                shutil.copyfileobj(old, new)
        return beside
    raise AssertionError  # `count` does not end


def read(path: Path) -> bytes | None:
    """What is in a file, or None where it is not there, cannot be read or is no file."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
