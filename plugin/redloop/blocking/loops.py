# ruff: noqa: SLF001 - the hook on the running loop is private
"""When an event loop starts and stops running, on any thread: one hook, where every pure Python loop passes."""

from __future__ import annotations

import importlib.util
import sys
from asyncio import _get_running_loop, _set_running_loop
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from redloop.modules import globals_of
from redloop.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.machinery import ModuleSpec


@contextmanager
def outside_of_the_loop() -> Iterator[None]:
    """What this thread does in the block is redloop's doing: no tool is to take it for a blocking call of the suite's.

    blockbuster raises its error at such a call, which would land in the suite's task.
    """
    loop = _get_running_loop()
    _set_running_loop(None)
    try:
        yield
    finally:
        _set_running_loop(loop)


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
        if "Loop" in globals_of(uvloop := sys.modules.get("uvloop")):
            self._replace_run_forever(uvloop)
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
