"""What a learner has reached, by exercise name without the number, so that renumbering loses nothing.

Safe against crashes (written beside and renamed) and against two commands at once (a lock round read and write).
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redloop.dojo import files

try:
    import fcntl
except ImportError:  # Windows: one command at a time is the learner's to see to
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "progress.json"
VERSION = 1
ATTEMPTS = "history"  # the folder in which `history` keeps them
DAMAGED = (ValueError, TypeError, KeyError, AttributeError, IsADirectoryError, RecursionError)


class NewerError(Exception):
    """Progress that a later redloop wrote, which this one would spoil; the message says what to do."""


@dataclass(frozen=True)
class Progress:
    """The progress kept in the folder `state`."""

    state: Path

    def green(self) -> frozenset[str]:
        """The names (without numbers) of the exercises that are green."""
        return frozenset(name for name, entry in self._entries().items() if entry.get("status") == "green")

    def seen(self) -> frozenset[str]:
        """The names (without numbers) of the exercises that were ever judged."""
        return frozenset(name for name, entry in self._entries().items() if "status" in entry)

    def passed(self, name: str) -> bool:
        """Whether the exercise was ever green, whatever became of it."""
        entry = self._entries().get(name, {})
        return "passed" in entry or entry.get("status") == "green"

    def hints(self, name: str) -> int:
        """How many hints were taken for the exercise."""
        taken = self._entries().get(name, {}).get("hints", 0)
        return taken if isinstance(taken, int) else 0

    def begun(self, name: str) -> float | None:
        """When the exercise was first judged, in seconds since 1970; None where that is not known."""
        begun = self._entries().get(name, {}).get("begun")
        return begun if isinstance(begun, int | float) else None

    @property
    def current(self) -> str:
        """The exercise that the learner was last at in watch mode, or nothing."""
        return str(self._read().get("current", ""))

    def record(self, verdicts: Mapping[str, bool]) -> None:
        """Note for each exercise name whether it is green. Raises OSError where that cannot be written."""
        with self._changing() as data:
            for name, green in verdicts.items():
                entry = data["exercises"].setdefault(name, {})
                entry |= {"status": "green" if green else "red", "judged": round(time.time())}
                entry.setdefault("begun", entry["judged"])
                if green:
                    entry.setdefault("passed", entry["judged"])

    def take_hint(self, name: str, number: int) -> None:
        """Note that the learner has read hint `number` of an exercise. Raises OSError."""
        with self._changing() as data:
            data["exercises"].setdefault(name, {})["hints"] = number

    def go_to(self, name: str) -> None:
        """Note where the learner is. Raises OSError."""
        with self._changing() as data:
            data["current"] = name

    def mend(self) -> str:
        """Where what is kept is damaged or gone: put it aside, and begin with what the history of attempts says.

        Returns a sentence on what was done, or nothing where all is well. Raises OSError, NewerError.
        """
        try:
            self._load()
            if (self.state / FILE).exists() or not (self.state / ATTEMPTS).is_dir():
                return ""
        except DAMAGED:
            pass
        with locked(self.state):
            return self._rebuild()[1]

    def _entries(self) -> dict[str, dict[str, Any]]:
        entries: dict[str, dict[str, Any]] = self._read()["exercises"]
        return entries

    def _read(self) -> dict[str, Any]:
        """What is kept, or nothing: whoever comes to change it learns what is wrong with it."""
        try:
            return self._load()
        except (*DAMAGED, OSError, NewerError):
            return {"exercises": {}}

    def _load(self) -> dict[str, Any]:
        path = self.state / FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"exercises": {}}
        if data.get("version", VERSION) > VERSION:
            raise NewerError(f"{path} was written by a later redloop. Get that one: pip install -U redloop")
        return {**data, "exercises": {name: dict(entry) for name, entry in data["exercises"].items()}}

    def _rebuild(self) -> tuple[dict[str, Any], str]:
        """Put the damaged file aside and begin anew, from the attempts; that, and a sentence on it."""
        path = self.state / FILE
        what = "is gone"
        if path.exists():
            what = f"was damaged, and is kept as {files.keep(path).relative_to(self.state.parent)}"
        entries: dict[str, dict[str, Any]] = {}
        for attempt in sorted((self.state / ATTEMPTS).glob("*/*.json")):  # of each exercise, the oldest first
            try:
                told = json.loads(attempt.read_text(encoding="utf-8"))
                entry = {"judged": round(told["judged"]), "status": "green" if told["ending"] == "passed" else "red"}
            except (*DAMAGED, OSError):
                continue
            known = entries.setdefault(attempt.parent.name, {})
            known |= entry
            if entry["status"] == "green":
                known.setdefault("passed", entry["judged"])
        data = {"exercises": entries}
        self._write(data)
        green = sum(entry["status"] == "green" for entry in entries.values())
        return data, f"{path.name} {what}. What is green by the history of your attempts is green again: {green}"

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """What is kept, to be changed while nobody else does."""
        with locked(self.state):
            try:
                data = self._load()
            except DAMAGED:
                data, _ = self._rebuild()
            except NewerError as error:
                raise OSError(None, str(error)) from None
            yield data
            self._write(data)

    def _write(self, data: dict[str, Any]) -> None:
        files.write(self.state / FILE, json.dumps({**data, "version": VERSION}, indent=1).encode() + b"\n")


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """One command at a time writes in the folder `state`."""
    with (state / "lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
