"""A kata for asyncio, and a pytest plugin that names every call that blocks the event loop.

The names below are imported when they are first used, so that loading the plugin into a test suite costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redloop.blocking import detect as detect
    from redloop.clock import VirtualLoop as VirtualLoop
    from redloop.diagnosis import DeadlockError as DeadlockError
    from redloop.diagnosis import LivelockError as LivelockError
    from redloop.pytest_plugin.measuring import Reading as Reading
    from redloop.pytest_plugin.measuring import Stopwatch as Stopwatch
    from redloop.record import BlockingCall as BlockingCall
    from redloop.record import Run as Run
    from redloop.scheduling import Exploration as Exploration
    from redloop.scheduling import Schedule as Schedule
    from redloop.scheduling import ScheduleError as ScheduleError
    from redloop.scheduling import explore as explore
    from redloop.scheduling import margin as margin
    from redloop.scheduling import replay as replay
    from redloop.scheduling import schedules as schedules

_HOME = {
    "BlockingCall": "redloop.record",
    "DeadlockError": "redloop.diagnosis",
    "Exploration": "redloop.scheduling",
    "LivelockError": "redloop.diagnosis",
    "Reading": "redloop.pytest_plugin.measuring",
    "Run": "redloop.record",
    "Schedule": "redloop.scheduling",
    "ScheduleError": "redloop.scheduling",
    "Stopwatch": "redloop.pytest_plugin.measuring",
    "VirtualLoop": "redloop.clock",
    "detect": "redloop.blocking",
    "explore": "redloop.scheduling",
    "margin": "redloop.scheduling",
    "replay": "redloop.scheduling",
    "schedules": "redloop.scheduling",
}

__all__ = [
    "BlockingCall",
    "DeadlockError",
    "Exploration",
    "LivelockError",
    "Reading",
    "Run",
    "Schedule",
    "ScheduleError",
    "Stopwatch",
    "VirtualLoop",
    "detect",
    "explore",
    "margin",
    "replay",
    "schedules",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'redloop' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
