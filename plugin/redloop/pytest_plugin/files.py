"""The files that a run writes at its end: the reports, and the baseline where it is to be updated."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from redloop.pytest_plugin.options import FILES, source, target

if TYPE_CHECKING:
    from redloop.pytest_plugin.session import Session


def check(config: pytest.Config) -> None:
    """Find out before the first test whether the reports can be written. Raises `pytest.UsageError`."""
    for name in FILES:
        file = target(config, name)
        folder = os.path.dirname(os.path.abspath(file)) if file else ""
        if file and (os.path.isdir(file) or not os.access(folder, os.W_OK)):
            raise pytest.UsageError(
                f"{source(config, name)}: cannot write {file}: {folder} is no folder that can be written to"
            )


def write(session: Session) -> list[str]:
    """Write what was asked for, and say on stderr what could not be, in the lines that are returned."""
    failed = []
    for name in FILES:
        if file := target(session.config, name):
            try:
                with open(file, "w", encoding="utf-8") as out:
                    out.write(session.ledger.document(name))
            except OSError as error:
                failed.append(f"redloop: cannot write {file}: {error.strerror}")
    if session.baseline is not None and session.baseline.updating and session.ledger:
        entries = session.baseline.updated(session.ledger.ended(), is_whole=session.extent.is_whole)
        try:
            session.news_of_baseline = session.baseline.write(entries)
        except OSError as error:
            failed.append(f"redloop: cannot write {session.baseline.file}: {error.strerror}")
    for line in failed:
        print(line, file=sys.stderr)  # noqa: T201 - whatever the terminal shows
    return failed
