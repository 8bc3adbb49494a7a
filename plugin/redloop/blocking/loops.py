# ruff: noqa: SLF001 - the hook on the running loop is private
"""When an event loop starts and stops running, on any thread: one hook, where every pure Python loop passes."""

from __future__ import annotations

import importlib.util
import sys
import time
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from redloop.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec


class LoopHook:
    """Calls `started(loop)` and `stopped()` on the loop's own thread while it is in place.

    asyncio's own loops announce themselves through `events._set_running_loop`, which leaves no frame of ours in a
    traceback. uvloop's compiled loop took its own reference to that function: there, `run_forever` is replaced, at
    once or when it is imported.
    """

    def __init__(self, started: Callable[[Any], None], stopped: Callable[[], None]) -> None:
        self.started, self.stopped = started, stopped
        self._patches = Patches()
        self._importer = _Importer("uvloop", self._replace_run_forever)

    def install(self) -> None:
        """Put the hook in place."""
        from asyncio import events

        announce: Any = events._set_running_loop

        def _set_running_loop(loop: Any) -> None:
            if loop is None:
                self.stopped()
                announce(None)
            else:
                announce(loop)
                self.started(loop)

        self._patches.replace(events, "_set_running_loop", _set_running_loop)
        if "uvloop" in sys.modules:
            self._replace_run_forever(sys.modules["uvloop"])
        else:
            self._importer.install()

    def uninstall(self) -> None:
        """Take the hook away."""
        self._importer.uninstall()
        self._patches.undo()

    def _replace_run_forever(self, uvloop: Any) -> None:
        self._patches.replace(uvloop.Loop, "run_forever", _announcing(uvloop.Loop.run_forever, self))


class _Importer:
    """Has `imported` called with one module right after it was imported. Finds no module itself."""

    def __init__(self, name: str, imported: Callable[[ModuleType], None]) -> None:
        self._name, self._imported = name, imported

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        self.uninstall()
        spec = importlib.util.find_spec(name)
        loader: Any = spec.loader if spec is not None else None
        if loader is not None:
            execute = loader.exec_module

            def exec_module(module: ModuleType) -> None:
                vars(loader).pop("exec_module", None)  # another hook may have done so
                execute(module)
                self._imported(module)

            loader.exec_module = exec_module
        return spec


class OwnSelector:
    """Lets a loop's own selector keep its method while the class's is replaced: it is called on every turn."""

    def __init__(self, loop: Any) -> None:
        self.waiting_since = 0.0
        """When the loop began to wait for events, at the end of a turn in which that was asked for."""
        self._selector: Any = getattr(loop, "_selector", None)
        self._kept: Any = None
        if self._selector is not None and "select" not in vars(self._selector):
            select = type(self._selector).select
            while hasattr(select, "__wrapped__"):  # as `inspect.unwrap`, at a tenth of the price
                select = select.__wrapped__
            self._kept = self._own = select.__get__(self._selector)
            self._selector.select = self._kept

    def stamp(self) -> None:
        """Have it noted when the loop next begins to wait, once: it would cost every turn of a busy loop."""
        if self._kept is None or vars(self._selector).get("select") is not self._kept:
            return
        selector, kept = self._selector, self._kept

        def select(timeout: float | None = None) -> Any:
            __tracebackhide__ = True
            selector.select = self._own = kept
            self.waiting_since = time.perf_counter()
            return kept(timeout)

        self._own = selector.select = select

    def release(self) -> None:
        """Take it away again."""
        if self._kept is not None and vars(self._selector).get("select") is self._own:
            del self._selector.select


def _announcing(run_forever: Callable[[Any], None], hook: LoopHook) -> Callable[[Any], None]:
    def _run_forever(loop: Any) -> None:
        __tracebackhide__ = True
        hook.started(loop)
        try:
            run_forever(loop)
        finally:
            hook.stopped()

    return _run_forever


RUNS_UVLOOP = next(one for one in _announcing.__code__.co_consts if isinstance(one, CodeType))
"""The code of the innermost Python frame while a compiled loop is idle."""
