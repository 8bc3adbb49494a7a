"""What a learner has reached, by exercise name without the number, so that renumbering loses nothing.

Safe against crashes (written beside and renamed) and against two commands at once (a lock round read and write).
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

try:
    import fcntl
except ImportError:  # Windows: one command at a time is the learner's to see to
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "progress.json"


@dataclass(frozen=True)
class Progress:
    """The progress kept in the folder `state`."""

    state: Path

    def green(self) -> frozenset[str]:
        """The names (without numbers) of the exercises that are green."""
        return frozenset(name for name, entry in self._read().items() if entry.get("status") == "green")

    def seen(self) -> frozenset[str]:
        """The names (without numbers) of the exercises that were ever judged."""
        return frozenset(self._read())

    def record(self, verdicts: Mapping[str, bool]) -> None:
        """Note for each exercise name whether it is green. Raises OSError where that cannot be written."""
        with self._locked():
            entries = self._read()
            for name, green in verdicts.items():
                entry = entries.setdefault(name, {})
                entry |= {"status": "green" if green else "red", "judged": round(time.time())}
            text = json.dumps({"version": 1, "exercises": entries}, indent=1) + "\n"
            beside = self.state / f"{FILE}.{os.getpid()}"
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, self.state / FILE)

    def _read(self) -> dict[str, dict[str, Any]]:
        path = self.state / FILE
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))["exercises"]
            return {name: dict(entry) for name, entry in entries.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, KeyError, AttributeError):  # cut in half, or not ours: kept, and begun anew
            os.replace(path, self.state / f"{FILE}.damaged")
            return {}

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.state / "lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
