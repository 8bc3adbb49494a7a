"""The page of `--redloop-html`: one file that needs no network, with every test and its timeline.

`page.html` holds the markup, style and script. The data goes into it as JSON that no content can break out of, and the
script shows all of it as text only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redloop.report.drawing import worth_drawing
from redloop.report.nesting import depths
from redloop.report.rows import every_row
from redloop.report.terminal import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from redloop.record import BlockingCall, Leak, Run
    from redloop.report.rows import Row

TEMPLATE = Path(__file__).with_name("page.html")
LONGEST_LINE = 160
STATES = ("waits", "queues", "blocked", "moments")


def document(
    tests: Iterable[tuple[str, str, Run]], *, root: str = "", line_of: Callable[[str, int], str] = lambda *_: ""
) -> str:
    """The page for `(nodeid, outcome, run)` of every test.

    Paths are shown from `root`; `line_of(filename, lineno)` gives the text of a line of source, or `""`.
    """
    lines: dict[str, str] = {}

    def at(record: BlockingCall | Leak | Row) -> dict[str, Any]:
        file = place(record.filename, record.lineno, root).rpartition(":")[0]
        key = f"{file}:{record.lineno}"
        if key not in lines:
            lines[key] = line_of(record.filename, record.lineno).strip()[:LONGEST_LINE]
        return {"file": file, "lineno": record.lineno}

    entries = [_entry(nodeid, outcome, run, at) for nodeid, outcome, run in tests]
    data = json.dumps({"tests": entries, "lines": lines}, separators=(",", ":"))
    for char in "<>&":
        data = data.replace(char, f"\\u{ord(char):04x}")  # nothing in it can end the script element, or begin another
    return TEMPLATE.read_text(encoding="utf-8").replace("{{data}}", data)


def _entry(nodeid: str, outcome: str, run: Run, at: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    rows = every_row(run)
    return {
        "nodeid": nodeid,
        "outcome": outcome,
        "clock": run.clock,
        "elapsed": run.elapsed,
        "busy": run.busy,
        "blocked": run.blocked,
        "waited": run.waited,
        "overlap": run.overlap,
        "peak": run.peak,
        "failure": run.failure,
        "alone": bool(rows) and worth_drawing(rows, run.elapsed) < run.elapsed,
        "blocking_calls": [call.to_json() | at(call) for call in run.blocking_calls],
        "leaks": [leak.to_json() | at(leak) for leak in run.leaks],
        "spans": [_span(row, depth) | at(row) for row, depth in zip(rows, depths(rows), strict=True)],
    }


def _span(row: Row, depth: int) -> dict[str, Any]:
    return {
        "name": row.name,
        "task": row.task,
        "depth": depth,
        "start": row.start,
        "end": row.end,
        "outcome": row.outcome,
        **{state: [time for interval in getattr(row, state) for time in interval] for state in STATES},
    }
