"""Whether the tear-down of a test's fixtures may end the tasks that its body has started."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest


def may_end_tasks(item: pytest.Item, is_own: Callable[[str], bool]) -> bool:
    """Whether the test has function-scoped fixtures of the suite or of a library.

    `is_own` says of a file whether it is the suite's. What a plugin brings to each test without being asked does not
    know the test's tasks: were it waited for, a leak in a body would be an error of the tear-down, wherever
    pytest-django, say, is installed.
    """
    own = set(function_scoped(item))
    return bool(own) and not own.isdisjoint(_asked_for(item, is_own))


def function_scoped(item: pytest.Item) -> Iterator[str]:
    """The test's function-scoped fixtures of the suite or of a library."""
    for name, definitions in _definitions(item).items():
        closest = definitions[-1]
        home = closest.func.__module__ or ""  # code that was made at run time may have none
        if closest.scope == "function" and not home.startswith(("_pytest.", "pytest_asyncio.")):
            yield name


def _asked_for(item: pytest.Item, is_own: Callable[[str], bool]) -> Iterator[str]:
    """The fixtures that the test or a fixture of the suite's own needs, directly or not."""
    info, definitions = _info(item), _definitions(item)
    asked = {*info.argnames, *(name for mark in item.iter_markers("usefixtures") for name in mark.args)}
    asked |= {name for name in info.initialnames if name in definitions and is_own(_file(definitions[name][-1].func))}
    seen: set[str] = set()
    while asked:
        name = asked.pop()
        if name in definitions and name not in seen:
            seen.add(name)
            yield name
            asked.update(needed for definition in definitions[name] for needed in definition.argnames)


def _definitions(item: pytest.Item) -> dict[str, Any]:
    """What there is under each fixture's name, the closest last."""
    info = _info(item)
    return {} if info is None else info.name2fixturedefs


def _info(item: pytest.Item) -> Any:
    """What pytest knows of the fixtures of a test; None for a kind of test that has none."""
    return getattr(item, "_fixtureinfo", None)


def _file(function: Any) -> str:
    """Where it is defined; what has no code of its own counts as generated, and is anybody's."""
    return str(getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", "<unknown>"))
