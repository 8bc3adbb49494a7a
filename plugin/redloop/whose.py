"""Whose file is this? Ours, the standard library's, an installed package's, or none of these: somebody's own."""

from __future__ import annotations

import os

OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
ASYNCIO = f"{STDLIB}asyncio{os.sep}"
PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
"""What a folder is called that packages are installed in; the second is Debian's."""


def installed_as(filename: str) -> str:
    """The path of an installed file from the folder that packages are installed in; empty for one that is not.

    >>> installed_as(os.path.join(os.sep, "usr", "lib", "python3", "dist-packages", "six.py"))
    'six.py'
    """
    for folder in PACKAGES:
        if folder in filename:
            return filename.rpartition(folder)[2]
    return ""


def is_users(filename: str | None) -> bool:
    """Whether a module or a piece of code, whose file this is, is neither ours, nor Python's, nor installed."""
    return filename is not None and not filename.startswith((OURS, STDLIB, "<frozen")) and not installed_as(filename)
