"""The names of what may block: `time.sleep`, or `shop.stock:time.sleep` for what one module calls."""

from __future__ import annotations

import difflib
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from redloop.blocking.calls import catalogue
from redloop.blocking.calls.cures import CURES
from redloop.blocking.calls.names import public_name, spellings
from redloop.blocking.scope import LOOKED_THROUGH, NEVER_BLAMED
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Iterable

STALL = "stall"
"""Allows a step that was too long where no call of the catalogue is to blame."""
GARBAGE = "gc.collect"


class Allowed:
    """A set of names, each a `call` or a `module:call`. Raises ValueError for one that no report ever shows."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(names)
        for name in self._names:
            if (why := objection(name)) is not None:
                raise ValueError(why)

    def covers(self, calls: Iterable[str], module: str) -> bool:
        """Whether one of `calls`, which are the names of one and the same, made by `module`, is allowed."""
        return bool(self._names) and any(call in self._names or f"{module}:{call}" in self._names for call in calls)


@cache
def objection(name: str) -> str | None:
    """Why nothing is ever reported under this name, or None."""
    module, colon, call = name.rpartition(":")
    if colon and not module:
        return f"{name!r} has no module before the colon: write {call!r} for all modules"
    known = {entry.call for entry in catalogue.entries()} | {*CURES, STALL, GARBAGE}
    spoken = public_name(call)  # `zipfile.ZipFile`, not its `__init__`
    if call in known or (spoken == call and _is_offered(call)):
        return None
    if close := [spoken] if _is_offered(spoken) else difflib.get_close_matches(call, sorted(known), n=1):
        return f"no report ever names {call!r}; did you mean {module + colon + close[0]!r}?"
    return (
        f"no report ever names {call!r}: write what blocks, as the report calls it, such as 'time.sleep', or "
        f"'shop.stock:time.sleep' for one module of yours"
    )


def _is_offered(call: str) -> bool:
    """Whether a library has this function: a call is reported as the one that the suite's code made, `json.load`."""
    top = call.partition(".")[0]
    if top == call or top in NEVER_BLAMED:
        return False
    if top not in sys.stdlib_module_names:
        return top in LOOKED_THROUGH or _is_installed(top)  # it is not imported to find out
    return any(map(_is_there, spellings(call)))


def _is_installed(package: str) -> bool:
    """Whether this is a package of others. Of the suite's own code the lines are named, and not the functions."""
    try:
        spec = find_spec(package)
    except ValueError:  # "", or a module that says nothing of where it came from
        return False
    return spec is not None and spec.origin is not None and not is_users(spec.origin)


def _is_there(dotted: str) -> bool:
    top = dotted.partition(".")[0]
    if top not in sys.modules and top not in {entry.module.partition(".")[0] for entry in catalogue.entries()}:
        return find_spec(top) is not None  # to import just any, such as `this` or `antigravity`, does things
    path, _, name = dotted.rpartition(".")
    tail = [name]
    while path:
        try:
            owner = import_module(path)
        except ImportError:
            path, _, name = path.rpartition(".")
            tail.insert(0, name)
            continue
        found: object = owner
        for part in tail:
            found = getattr(found, part, None) or getattr(found, f"_{part}", None)
        return found is not None
    return False
