"""The commands for people who write exercises; as `commands`, which is for those who practise them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from redloop.dojo import author, sets, skeleton, views
from redloop.dojo.lines import BLANK, Line, page
from redloop.dojo.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redloop.dojo.screen import Screen

PARALLEL = 2 * (os.cpu_count() or 1)  # some answers only wait, for a thread or for the time-out


def check(screen: Screen, source: Path | None, names: Sequence[str]) -> int:
    """Prove a set, or the named exercises of it; by default the one in `./kata`, or the one that came with redloop."""
    local = Path("kata")
    kata = sets.load(source or (local if _is_set_with_solutions(local) else sets.own()))
    exercises = [kata.find(name) for name in names] or kata.exercises
    wrong = 0
    with Runner(PARALLEL) as runner:
        for checked in author.check(kata, exercises, runner):
            wrong += len(checked.complaints)
            screen.show(views.checked_lines(checked))
    count = len(exercises)
    if wrong:
        screen.show([BLANK, Line(f"✗ {wrong} problem{'s' * (wrong > 1)} in {kata.folder}", "red")])
        return 1
    screen.show([BLANK, Line(f"✓ {views.exercises(count)} proved, in {kata.folder}", "green")])
    return 0


def new(screen: Screen, name: str, folder: Path) -> int:
    """Make an exercise to fill in, and say what comes next."""
    made, fresh = skeleton.make(folder, name)
    screen.show([Line(f"{folder / made} is made, whole and about nothing. Make it about something.")])
    if not fresh:
        screen.show([Line(f'Name it in a topic of {folder / "kata.toml"}: "{made}"')])
    screen.show([Line("Then prove it:"), Line(f"redloop author check {shlex.quote(str(folder))}", "code", 2)])
    screen.show([Line("How a set is written:"), Line("redloop author guide", "code", 2)])
    return 0


def guide(screen: Screen) -> int:
    """Print how a set is written, and handed out: docs/writing-a-set.md, which every installation carries."""
    screen.show(page((sets.own().parent / "docs" / "writing-a-set.md").read_text(encoding="utf-8")))
    return 0


def _is_set_with_solutions(folder: Path) -> bool:
    return (folder / "kata.toml").is_file() and any(
        each.is_dir() for each in (folder.parent / "solutions", folder / "solutions")
    )
