"""The files that a run writes at its end: the reports, and the baseline where it is to be updated."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from redloop.pytest_plugin.options import FILES, path, source, target

if TYPE_CHECKING:
    from redloop.pytest_plugin.session import Session


def check(config: pytest.Config) -> None:
    """Find out before the first test whether the reports can be written. Raises `pytest.UsageError`."""
    if hasattr(config, "workerinput"):  # xdist's workers write none
        return
    for name in FILES:
        file = path(config, name)
        if file and (why := _objection(file)) is not None:
            raise pytest.UsageError(f"{source(config, name)}: cannot write {target(config, name)}: {why}")


def _objection(file: str) -> str | None:
    """Why a file cannot be written, or None; what is in it stays. Permissions do not tell: root has them all."""
    folder, is_new = os.path.dirname(os.path.abspath(file)), not os.path.exists(file)
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    if not is_new and not os.path.isfile(file) and not os.path.isdir(file):
        return None  # whoever reads a pipe would take this for the end
    try:
        with open(file, "ab"):
            pass
        if is_new:
            os.remove(os.path.realpath(file))
    except OSError as error:
        return error.strerror
    return None


def write(session: Session) -> list[str]:
    """Write what was asked for, and say on stderr what could not be, in the lines that are returned."""
    failed = []
    for name in FILES:
        if file := path(session.config, name):
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
    if failed:  # the line of pytest's dots has not ended yet
        print("", *failed, sep="\n", file=sys.stderr)  # noqa: T201 - whatever the terminal shows
    return failed
