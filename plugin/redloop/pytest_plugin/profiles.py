"""The hypothesis profile of the kata: the same inputs on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def register_kata_profile(config: pytest.Config) -> None:
    """Register the profile `kata`, where hypothesis's own plugin has been asked for it.

    20 examples a test, derandomized, without a deadline (that would measure real seconds) and without a database. One
    failure is told, the smallest: two at once read as if both were of the same input. Nor does hypothesis explain a
    failure: it would trace every line for that, which makes a red test seven times slower. Importing hypothesis takes
    longer than all else that redloop does at start, so it is only done on demand.
    """
    if config.getoption("--hypothesis-profile", None) != "kata":  # a suite may have a profile of that name, too
        return
    from hypothesis import Phase, settings

    phases = [phase for phase in Phase if phase is not Phase.explain]
    settings.register_profile(
        "kata",
        max_examples=20,
        derandomize=True,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=phases,
    )
