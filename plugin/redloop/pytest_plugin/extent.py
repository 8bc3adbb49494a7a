"""How much of the suite a run is. Only all of it proves that nothing needs what it did not use."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from redloop.modules import globals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redloop.blocking import Scope

_CHOOSING = ("lf", "ignore", "ignore_glob", "collectonly")  # the others tell whom they leave out
_MENTIONS = re.compile(rb"#\s*redloop(?::|\s+allow\s*\[)")


class Extent:
    """What was left out, and which files with comments for redloop were loaded; xdist's workers tell their own."""

    def __init__(self, config: pytest.Config) -> None:
        # A worker of xdist is given what the one who started it was to run: that one knows whether somebody chose it.
        self.is_whole = hasattr(config, "workerinput") or not _is_chosen(config)
        self.has_passed = False
        self.files: set[str] = set()

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """-k, -m and the like have left tests out."""
        self.is_whole = self.is_whole and not items

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be collected, or skips itself, is left out."""
        self.is_whole = self.is_whole and report.passed

    def end(self, session: pytest.Session, scope: Callable[[], Scope]) -> None:
        """The last test is over; `scope`, which is asked for only if need be, tells whose calls are reported."""
        ran = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if session.shouldstop or session.shouldfail or session.exitstatus not in ran:
            self.is_whole = False
        self.has_passed = session.exitstatus == pytest.ExitCode.OK
        if self.is_whole:
            reports = scope().reports
            self.files |= {file for file in _loaded() if reports(file) and _has_comments(file)}
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["redloop"] = {"left_out": not self.is_whole, "files": sorted(self.files)}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended, or died."""
        told = getattr(node, "workeroutput", {}).get("redloop", {"left_out": True, "files": []})
        self.is_whole = self.is_whole and not told["left_out"]
        self.files |= set(told["files"])


def _is_chosen(config: pytest.Config) -> bool:
    elsewhere = config.invocation_params.dir != config.rootpath
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return elsewhere or named or any(config.getoption(name, None) for name in _CHOOSING)


def _loaded() -> set[str]:
    files = {globals_of(module).get("__file__") for module in list(sys.modules.values())}
    return {file for file in files if isinstance(file, str) and file.endswith(".py")}


def _has_comments(filename: str) -> bool:
    try:
        with open(filename, "rb") as file:
            return _MENTIONS.search(file.read()) is not None
    except OSError:
        return False
