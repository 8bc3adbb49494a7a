"""What the judge is asked to do, as it goes to the worker and to the child in which it is done."""

from __future__ import annotations

from dataclasses import dataclass

from redloop.record import Record


@dataclass(frozen=True, slots=True)
class Job(Record):
    """Judge the answer `module` in the folder `root/exercise`.

    With `timeline` it is recorded who ran and who waited: that takes longer than most tests, so only a run whose
    timeline is drawn does it. `tests`: run these alone; empty for all.
    """

    root: str
    exercise: str
    module: str
    timeline: bool = False
    tests: tuple[str, ...] = ()
