"""The report for programs: `{"version": 1, "tests": […]}`. Readers ignore keys that they do not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redloop.record import Run

VERSION = 1


def document(tests: Iterable[tuple[str, str, Run]]) -> str:
    """The JSON text for `(nodeid, outcome, run)` of every test."""
    entries: list[dict[str, Any]] = [
        {"nodeid": nodeid, "outcome": outcome, **run.to_json()} for nodeid, outcome, run in tests
    ]
    return json.dumps({"version": VERSION, "tests": entries}, indent=1) + "\n"
