"""What went wrong in our own thread, for a bug report: nobody's test may fail of it."""

from __future__ import annotations

import traceback


def said(error: Exception) -> str:
    """One line: what was raised, where, and what comes of it."""
    what = " ".join("".join(traceback.format_exception_only(error)).split())
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"{what} at {where.filename}:{where.lineno}: an event loop was not looked at any further, "
        "and what held it from then on is missing. Please report it"
    )
