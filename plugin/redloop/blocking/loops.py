# ruff: noqa: SLF001 - the hook on the running loop is private
"""When an event loop starts and stops running, on any thread: one hook, where every pure Python loop passes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from redloop.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable


class LoopHook:
    """Calls `started(loop)` and `stopped()` on the loop's own thread while it is in place.

    asyncio's own loops announce themselves through `events._set_running_loop`, which leaves no frame of ours in a
    traceback. uvloop's compiled loop took its own reference to that function: there, `run_forever` is replaced.
    """

    def __init__(self, started: Callable[[Any], None], stopped: Callable[[], None]) -> None:
        self._started, self._stopped = started, stopped
        self._patches = Patches()

    def install(self) -> None:
        """Put the hook in place."""
        from asyncio import events

        announce: Any = events._set_running_loop

        def _set_running_loop(loop: Any) -> None:
            if loop is None:
                self._stopped()
                announce(None)
            else:
                announce(loop)
                self._started(loop)

        self._patches.replace(events, "_set_running_loop", _set_running_loop)
        uvloop = sys.modules.get("uvloop")
        if uvloop is not None:
            self._patch_uvloop(uvloop.Loop)

    def uninstall(self) -> None:
        """Take the hook away."""
        self._patches.undo()

    def _patch_uvloop(self, loop_class: Any) -> None:
        run_forever = loop_class.run_forever

        def _run_forever(loop: Any) -> None:
            __tracebackhide__ = True
            self._started(loop)
            try:
                run_forever(loop)
            finally:
                self._stopped()

        self._patches.replace(loop_class, "run_forever", _run_forever)
