"""Windows, where a loop's thread cannot be looked at: redloop stands aside there, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redloop.pytest_plugin import options

if TYPE_CHECKING:
    from types import ModuleType


class _Absent:
    def pytest_report_header(self) -> str:
        return "redloop: it does nothing on Windows; run pytest in WSL to have event loops watched"


def stand_aside(config: pytest.Config, plugin: ModuleType) -> None:
    """Leave the tests to pytest. Raises `pytest.UsageError` where something is asked of redloop."""
    for name, setting in options.BY_NAME.items():
        if setting.option and options.target(config, name) is not None:
            raise pytest.UsageError(
                f"{options.source(config, name)}: redloop does not work on Windows; run pytest in WSL"
            )
    config.pluginmanager.unregister(plugin)
    config.pluginmanager.register(_Absent())
