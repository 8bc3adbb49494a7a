# ruff: noqa: SLF001 - frames are what this is about
"""What stands in for those of the catalogue's functions that are written in C."""

from __future__ import annotations

import sys
from asyncio import _get_running_loop
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls import catalogue, harmless
from redloop.blocking.unseen import called_from, unseen
from redloop.patching import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from redloop.blocking.calls.catalogue import Entry


class Builtin(StandIn):
    """Calls it, and reports the call where it waits: `report(caller, entry, original, args, kwargs)` makes that."""

    def __init__(
        self, entry: Entry, original: Any, returns_at_once: Callable[..., Any], report: Callable[..., Any]
    ) -> None:
        super().__init__(original, entry.module)
        self._entry, self._returns_at_once, self._report = entry, returns_at_once, report
        self._warns = entry.call in catalogue.WARNS

    @unseen
    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Make the call."""
        __tracebackhide__ = True
        original = self.original
        waits = _get_running_loop() is not None and harmless.may_wait(self._returns_at_once, args, kwargs)
        if not waits and not self._warns:
            return original(*args, **kwargs)
        caller = sys._getframe().f_back
        if caller is None:  # at exit, and in a thread of `_thread`, the interpreter itself makes the call
            return original(*args, **kwargs)
        if self._warns:
            original = called_from(caller, original)
        return self._report(caller, self._entry, original, args, kwargs) if waits else original(*args, **kwargs)
