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
    from redloop.record import BlockingCall as BlockingCall
    from redloop.record import Run as Run

_HOME = {
    "BlockingCall": "redloop.record",
    "DeadlockError": "redloop.diagnosis",
    "LivelockError": "redloop.diagnosis",
    "Run": "redloop.record",
    "VirtualLoop": "redloop.clock",
    "detect": "redloop.blocking",
}

__all__ = ["BlockingCall", "DeadlockError", "LivelockError", "Run", "VirtualLoop", "detect"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'redloop' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
