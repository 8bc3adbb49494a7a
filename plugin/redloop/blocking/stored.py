"""Callables that a module of the suite's own has stored: in a table, a partial, a default value, a class.

`glob` keeps some so, too. They are reached neither by the home module's name nor by an alias among a module's globals.
Each is offered as a mapping, so that it can be replaced and put back like any other.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from types import ModuleType


class _Partial(dict[str, Any]):
    """What a `functools.partial` calls, under the key `func`."""

    def __init__(self, owner: partial[Any]) -> None:
        super().__init__(func=owner.func)
        self._owner = owner

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        state = value, self._owner.args, self._owner.keywords, vars(self._owner)
        self._owner.__setstate__(state)  # type: ignore[attr-defined]


class _Defaults(dict[str, Any]):
    """A function's default values, under their positions."""

    def __init__(self, owner: FunctionType) -> None:
        super().__init__({str(index): value for index, value in enumerate(owner.__defaults__ or ())})
        self._owner = owner

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._owner.__defaults__ = tuple(self.values())


class _Statics(dict[str, Any]):
    """What a class's static methods are made of, under their names."""

    def __init__(self, owner: type) -> None:
        self._made = {name: one for name, one in vars(owner).items() if isinstance(one, staticmethod)}
        super().__init__({name: one.__func__ for name, one in self._made.items()})
        self._owner = owner

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        made = self._made[name]
        setattr(self._owner, name, made if value is made.__func__ else staticmethod(value))


def stored_in(module: ModuleType, wanted: Container[int]) -> Iterator[tuple[Any, str]]:
    """Yield each `(mapping or class, key)` below a module's globals whose value's `id` is `wanted`."""
    for value in list(vars(module).values()):
        for owner in _owners(value, module.__name__):
            held = vars(owner) if isinstance(owner, type) else owner
            yield from ((owner, key) for key, one in list(held.items()) if isinstance(key, str) and id(one) in wanted)


def _owners(value: Any, module: str) -> Iterator[Any]:
    if type(value) is dict:
        yield value
    elif type(value) is partial:
        yield _Partial(value)
    elif isinstance(value, FunctionType):
        yield _Defaults(value)
        yield value.__kwdefaults__ or {}
    elif isinstance(value, type) and value.__module__ == module:
        yield value
        yield _Statics(value)
        for inner in list(vars(value).values()):
            if isinstance(inner, FunctionType):
                yield from _owners(inner, module)
