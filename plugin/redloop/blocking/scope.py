"""Whose code is it? Tells the suite's own files from its tests, installed packages and what is passed through."""

from __future__ import annotations

import os
import sys
from os.path import abspath
from typing import TYPE_CHECKING, Literal

from redloop.blocking import unseen
from redloop.blocking.loops import outside_of_the_loop
from redloop.whose import OURS, PACKAGES, STDLIB, installed_as

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Level = Literal["off", "code", "tests", "all"]
Kind = Literal["code", "tests", "installed", "through", "generated", "never"]

_VENV = os.path.join(abspath(sys.prefix), "") if sys.prefix != sys.base_prefix else None

# What asyncio, the test runner, a debugger or a log does on the loop's thread is not the suite's doing.
NEVER_BLAMED = frozenset(
    {"asyncio", "bdb", "cmd", "inspect", "linecache", "logging", "pdb", "trace", "traceback", "warnings"}
)
_NEVER_INSTALLED = frozenset(
    {"_pydevd_bundle", "_pytest", "coverage", "debugpy", "execnet", "faulthandler", "pluggy", "pydevd", "pytest",
     "pytest_asyncio", "pytest_cov", "pytest_timeout", "uvloop", "xdist"}
)  # fmt: skip
# They put functions of their own in the place of others', and only call what they were given.
STAND_INS = frozenset({"blockbuster", "ddtrace", "sentry_sdk", "wrapt"})
# Libraries that block on behalf of their caller: the caller is who can write something else.
LOOKED_THROUGH = frozenset(
    {"MySQLdb", "boto3", "botocore", "certifi", "charset_normalizer", "dns", "elastic_transport", "elasticsearch",
     "filelock", "h11", "httpcore", "httpx", "idna", "mysql", "paramiko", "peewee", "pg8000", "pika", "psycopg",
     "psycopg2", "psycopg_pool", "pymongo", "pymysql", "redis", "requests", "s3transfer", "sqlalchemy", "sqlmodel",
     "tenacity", "urllib3"}
)  # fmt: skip
_LEVELS: dict[str, frozenset[Kind]] = {
    "off": frozenset(),
    "code": frozenset({"code", "generated"}),
    "tests": frozenset({"code", "generated", "tests"}),
    "all": frozenset({"code", "generated", "tests", "installed"}),
}


def looks_like_a_test(filename: str) -> bool:
    """Whether pytest would collect `filename` by its default name patterns, or it is a conftest."""
    name = os.path.basename(filename)
    return name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")


class Scope:
    """What counts as the suite's own code, and how far fast calls are reported.

    `roots` are folders or files; with none, all code outside the standard library and site-packages is the caller's
    own. `is_test` says which of the files that are not installed are tests: inside of the roots or not, they are the
    suite's own. Each `level` includes the one before: `code`, `tests`, `all`.
    """

    def __init__(
        self, roots: Sequence[str] = (), is_test: Callable[[str], bool] = looks_like_a_test, level: Level = "code"
    ) -> None:
        self._roots = tuple(os.path.join(abspath(root), "") for root in roots)
        self._is_test = is_test
        self.level = level
        self._reported = _LEVELS[level]
        self._known: dict[str, Kind] = {}

    def kind(self, filename: str) -> Kind:
        """Classify a code object's file name."""
        found = self._known.get(filename)
        if found is None:
            found = self._known[filename] = self._classify(filename)
        return found

    def reports(self, filename: str) -> bool:
        """Whether a fast call that belongs to this file is reported."""
        return self.kind(filename) in self._reported

    def owns(self, filename: str) -> bool:
        """Whether this file is the suite's own: its code or its tests."""
        return self.kind(filename) in {"code", "tests", "generated"}

    def _classify(self, filename: str) -> Kind:  # noqa: PLR0911 - a table, one kind a line
        if filename.startswith("<frozen "):
            return "never" if filename.startswith("<frozen importlib._") else "through"
        if filename.startswith("<"):
            return "generated"
        with outside_of_the_loop():
            path = abspath(filename)
        if path.startswith(OURS):
            return "through" if path.endswith(unseen.SUFFIX) else "never"
        installed = installed_as(path)
        if not installed and path.startswith(STDLIB):
            return "never" if _top(path[len(STDLIB) :]) in NEVER_BLAMED else "through"
        if not installed and self._is_test(path):
            return "tests"
        if self._in_roots(path) or not (installed or self._roots):
            return "tests" if self._is_test(path) else "code"
        top = _top(installed)
        if top in _NEVER_INSTALLED:
            return "never"
        return "through" if top in LOOKED_THROUGH else "installed"

    def _in_roots(self, path: str) -> bool:
        # What is installed below a root is not the suite's, unless the root names something inside there.
        installed_in = _environments(path)
        return any(
            path + os.sep == root or (path.startswith(root) and all(map(root.startswith, installed_in)))
            for root in self._roots
        )


def _environments(path: str) -> list[str]:
    """The folders, each inside the one before, into which somebody has installed what is at `path`."""
    sites = [path[: path.rindex(site) + len(site)] for site in PACKAGES if site in path]
    return ([_VENV] if _VENV and path.startswith(_VENV) else []) + sites


def _top(relative: str) -> str:
    return relative.partition(os.sep)[0].removesuffix(".py")
