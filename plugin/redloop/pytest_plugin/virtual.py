"""Gives the tests that ask for it a `VirtualLoop`, through pytest-asyncio's loop-factory hook.

The hook has two traps, and both decide how this module looks:

1. An implementation that returns None makes *every* async test a usage error. So none may exist for a test that did
   not ask: `LoopFactories` is registered round the one call of `pytest_generate_tests` that needs it.
2. pytest-asyncio resolves its loop-factory fixture early in a test's set-up only while an implementation exists.
   Without that, the async fixtures of a wider scope keep the closed loop of a test with another clock. So in a session
   that has virtual tests, `LoopFactories` is registered round the set-up of every pytest-asyncio test, real ones too.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    import pytest

    from redloop.pytest_plugin.options import Settings


RUNNERS = frozenset(f"_{scope}_scoped_runner" for scope in ("function", "class", "module", "package", "session"))
"""The fixtures in which pytest-asyncio keeps the `asyncio.Runner` of each of its loops."""


def loop_of(fixture: str, value: object) -> asyncio.AbstractEventLoop | None:
    """The loop of one of them; None for another fixture, and where none is set up, as with `--setup-plan`."""
    if fixture not in RUNNERS:
        return None
    import asyncio

    return value.get_loop() if isinstance(value, asyncio.Runner) else None


class LoopFactories:
    """pytest-asyncio's hook with one answer. A single factory leaves the test's id as it is (pytest 8.4 and later)."""

    def pytest_asyncio_loop_factories(self, config: pytest.Config, item: pytest.Item) -> Mapping[str, Any]:
        """Offer the virtual clock's loop, and nothing else."""
        del config, item
        from redloop.scheduling.loop import ScheduleLoop  # tests of a module share it, explored ones or not

        return {"virtual": ScheduleLoop}


@contextmanager
def loop_factories(config: pytest.Config) -> Iterator[None]:
    """Have the hook implemented inside the block, and only there."""
    plugin = LoopFactories()
    config.pluginmanager.register(plugin)
    try:
        yield
    finally:
        config.pluginmanager.unregister(plugin)


def can_have_factories(config: pytest.Config) -> bool:
    """Whether a pytest-asyncio with the hook (1.4 or later) is loaded."""
    return hasattr(config.hook, "pytest_asyncio_loop_factories")


def has_pytest_asyncio(config: pytest.Config) -> bool:
    """Whether pytest-asyncio is loaded, by its entry point's name or by `-p pytest_asyncio`."""
    names = ("asyncio", "pytest_asyncio", "pytest_asyncio.plugin")
    return any(map(config.pluginmanager.hasplugin, names))


def rival(item: pytest.Item) -> str | None:
    """What else decides on the loop of this pytest-asyncio test: the suite's own hook or marker, or None."""
    marker = item.get_closest_marker("asyncio")
    if marker is not None and "loop_factories" in marker.kwargs:
        return "@pytest.mark.asyncio(loop_factories=…)"
    own = item.ihook.pytest_asyncio_loop_factories.get_hookimpls()
    others = [impl for impl in own if not isinstance(impl.plugin, LoopFactories)]
    return f"pytest_asyncio_loop_factories in {others[0].plugin_name}" if others else None


def is_async(function: object) -> bool:
    """Whether a test function is a coroutine function, also under hypothesis's `@given` or a staticmethod."""
    import inspect

    function = getattr(function, "__func__", function)
    hypothesis = getattr(function, "hypothesis", None)
    return inspect.iscoroutinefunction(getattr(hypothesis, "inner_test", function))


def objection(item: pytest.Item) -> str | None:
    """Why this test cannot have the virtual clock, or None. Sync tests can: their `asyncio.run` gets it."""
    if not is_async(getattr(item, "obj", None)):
        return None
    from_asyncio = has_pytest_asyncio(item.config)
    marker, mode = item.get_closest_marker("asyncio"), item.config.getini("asyncio_mode") if from_asyncio else ""
    option = item.config.getoption("asyncio_mode", None) if from_asyncio else None
    if from_asyncio and (marker is not None or (option or mode) == "auto"):
        if not can_have_factories(item.config):
            return "the virtual clock needs pytest-asyncio 1.4 or later: pip install 'redloop[asyncio]'"
        other = rival(item)
        return f"both clock='virtual' and {other} choose its event loop; keep one" if other else None
    if item.get_closest_marker("anyio") is not None:
        return "clock='virtual' cannot reach anyio's runner, which makes its own event loop; use pytest-asyncio here"
    if not from_asyncio:
        return "the virtual clock needs pytest-asyncio: pip install 'redloop[asyncio]'"
    return None


def clock_of(loop: asyncio.AbstractEventLoop) -> Literal["real", "virtual"]:
    """Which clock `loop.time()` reads."""
    clock = sys.modules.get("redloop.clock")  # where nobody has imported it there is no VirtualLoop
    return "virtual" if clock is not None and isinstance(loop, clock.VirtualLoop) else "real"


@contextmanager
def runners_are_virtual() -> Iterator[None]:
    """Inside the block `asyncio.run` and `asyncio.Runner` make a VirtualLoop where they are given no loop factory."""
    import asyncio
    import functools

    from redloop.clock import VirtualLoop

    original = asyncio.Runner.__init__

    @functools.wraps(original)
    def init(self: asyncio.Runner, *, debug: bool | None = None, loop_factory: Any = None) -> None:
        __tracebackhide__ = True
        original(self, debug=debug, loop_factory=VirtualLoop if loop_factory is None else loop_factory)

    asyncio.Runner.__init__ = init  # type: ignore[method-assign]
    try:
        yield
    finally:
        asyncio.Runner.__init__ = original  # type: ignore[method-assign]


def nothing_but_virtual(item: pytest.Item, settings: Settings) -> AbstractContextManager[None]:
    """Fail the body of a sync test whose marker asks for the virtual clock where its thread runs a loop without it."""
    if settings.clock != "virtual" or not settings.clock_by_marker or is_async(getattr(item, "obj", None)):
        return nullcontext()
    return _nothing_but_virtual()


@contextmanager
def _nothing_but_virtual() -> Iterator[None]:
    from redloop.blocking.loops import LoopHook
    from redloop.pytest_plugin.outcome import fail

    thread, others = threading.get_ident(), []

    def started(loop: asyncio.AbstractEventLoop) -> None:
        if threading.get_ident() == thread and clock_of(loop) == "real":
            others.append(f"{type(loop).__module__}.{type(loop).__qualname__}")

    def stopped() -> None: ...

    hook = LoopHook(started, stopped)
    hook.install()
    try:
        yield
    except Exception as error:
        if others:
            error.add_note(_not_virtual(others[0]))
        raise
    finally:
        hook.uninstall()
    if others:
        fail(_not_virtual(others[0]))


def _not_virtual(loop: str) -> str:
    return (
        f"clock='virtual' cannot reach the loop that this test made itself ({loop}): run it with asyncio.run(…) or "
        "asyncio.Runner(loop_factory=redloop.VirtualLoop), or leave clock='virtual' out"
    )


def wants_factories(definition: pytest.Item, settings: Settings) -> bool:
    """Whether the tests generated from this definition are to be given a VirtualLoop by pytest-asyncio."""
    return (
        settings.clock == "virtual"
        and can_have_factories(definition.config)
        and is_async(getattr(definition, "obj", None))
        and objection(definition) is None
    )
