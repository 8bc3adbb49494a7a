"""Annotations for GitHub: commands in the log of a workflow that put a remark on a line of code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from redloop.report.lines import by_line
from redloop.report.terminal import line_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from redloop.record import BlockingCall
    from redloop.report.terminal import Beyond

MOST = 10
"""GitHub shows so many of a kind for one step, and drops the rest without a word."""
_TITLE = {"title": "The event loop was blocked"}


def commands(
    calls: Iterable[tuple[str, BlockingCall]],
    failing: Collection[str] = (),
    root: str = "",
    beyond: Beyond | None = None,
) -> list[str]:
    """One command a line of code: `calls` are pairs of test id and blocking call.

    An error for a line that blocked in one of the tests that are `failing` for it, and these come first; else a
    warning. `root` is the folder of the repository: a file elsewhere is named in the text only.
    """
    lines = [(not any(test in failing for test in line.tests), line) for line in by_line(calls)]
    lines.sort(key=lambda pair: pair[0])
    found = []
    for is_warning, line in lines[:MOST]:
        text = f"{line.function}: {line_text(line, beyond)}"
        properties = _TITLE
        path = os.path.relpath(line.filename, root) if root and os.path.isabs(line.filename) else os.pardir
        if path.startswith(os.pardir):
            text = f"{line.filename}:{line.lineno} in {text}"
        else:
            properties = {"file": path.replace(os.sep, "/"), "line": str(line.lineno), **_TITLE}
        if line.instead:
            text += f"\ninstead: {line.instead}"
        found.append(_command("warning" if is_warning else "error", properties, text))
    if (more := len(lines) - MOST) > 0:
        what = "1 more line of code" if more == 1 else f"{more} more lines of code"
        found.append(_command("notice", _TITLE, f"{what} blocked it: see redloop's summary in the log"))
    return found


def _command(name: str, properties: dict[str, str], text: str) -> str:
    said = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{name} {said}::{_escaped(text)}"


def _escaped(text: str, also: str = "") -> str:
    for char in f"%\r\n{also}":  # % first: it begins what the others become
        text = text.replace(char, f"%{ord(char):02X}")
    return text
