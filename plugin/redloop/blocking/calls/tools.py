"""Other tools that stand in the place of the catalogue's callables, as blockbuster does: ours goes round theirs.

Theirs are there for a test, and mostly others in the next one: what goes round them stays, and passes calls on to what
stands there now.
"""

from __future__ import annotations

import sys
from functools import update_wrapper
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, WrapperDescriptorType
from typing import TYPE_CHECKING, Any

from redloop.blocking.unseen import unseen
from redloop.patching import namespace_of, put
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping
    from types import CellType, CodeType

    from redloop.blocking.calls.catalogue import Entry

    Namespace = MutableMapping[str, Any]

_CALLABLES = (BuiltinFunctionType, FunctionType, MethodDescriptorType, WrapperDescriptorType)


class _Home:
    """Where a callable of the catalogue stands, and what goes round another tool's function there."""

    def __init__(self, entry: Entry, owner: Any, name: str, original: Any) -> None:
        self.entry, self.owner, self.name, self.original = entry, owner, name, original
        self.namespace: Namespace = namespace_of(owner)
        self.standing: Any = original
        self.code: CodeType | None = None  # of the tool's function, which makes another one for each test
        self.cell = 0  # where in its closure that has the original
        self.replacement: Any = None

    def is_gone_round(self, standing: FunctionType) -> bool:
        """Whether a tool's function goes round the original, and not round ours: that would call it again."""
        closure = standing.__closure__
        if standing.__code__ is self.code and closure is not None:
            return _content(closure[self.cell]) is self.original
        if gone_round(standing, self.entry) is not self.original:
            return False
        cells = [index for index, cell in enumerate(closure or ()) if _content(cell) is self.original]
        if cells:  # else it has it as `__wrapped__`
            self.code, self.cell = standing.__code__, cells[0]
        return True


class Tools:
    """The places where the catalogue's callables stand, and other tools' functions may."""

    def __init__(self, wrap: Callable[[Entry, Any, Any], Any]) -> None:
        """`wrap(entry, owner, original)` makes what stands in for a callable."""
        self._wrap = wrap
        self._homes: dict[tuple[int, str], _Home] = {}

    def watch(self, entry: Entry, owner: Any, name: str, original: Any) -> None:
        """Note where `original` belongs."""
        home = _Home(entry, owner, name, original)
        self._homes[id(home.namespace), name] = home

    def go_round(self, missed: Iterable[tuple[Namespace, str]]) -> list[_Home]:
        """Where a tool's function stands in these places, have ours stand round it. Returns what `leave` takes back."""
        found = []
        for namespace, name in missed:
            home = self._homes.get((id(namespace), name))
            standing = namespace.get(name)
            if home is None or type(standing) is not FunctionType or not home.is_gone_round(standing):
                continue
            home.standing = standing
            if home.replacement is None:
                home.replacement = self._wrap(home.entry, home.owner, _relay(home))
            put(home.owner, namespace, name, home.replacement)
            found.append(home)
        return found


def leave(homes: list[_Home]) -> None:
    """Put the tools' functions back where ours still stand round them."""
    for home in homes:
        if home.namespace.get(home.name) is home.replacement:
            put(home.owner, home.namespace, home.name, home.standing)
    homes.clear()


def gone_round(standing: Any, entry: Entry) -> Any:
    """What another tool's function in a callable's place goes round; None for what is no such function.

    It has to have it, in its closure or as `__wrapped__`: what calls nothing of that name is a fake, and never waits.
    """
    if type(standing) is not FunctionType or is_users(standing.__code__.co_filename):
        return None
    home = str(standing.__globals__.get("__name__")).partition(".")[0]
    if home in sys.stdlib_module_names or home in {entry.module.partition(".")[0], "redloop"}:
        return None
    held: list[Any] = [standing.__dict__.get("__wrapped__"), *map(_content, standing.__closure__ or ())]
    name = entry.target.rpartition(".")[2].rpartition(":")[2]
    return next((one for one in held if type(one) in _CALLABLES and one.__name__ == name), None)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return None


def _relay(home: _Home) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return home.standing(*args, **kwargs)

    return unseen(update_wrapper(call, home.original))
