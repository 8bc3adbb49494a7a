"""Callables that a module of the suite's own has stored: in a table, a partial, a default value, a class, an object.

`glob` keeps some so, too. They are reached neither by the home module's name nor by an alias among a module's globals.
Each is offered as a mapping, so that it can be replaced and put back like any other. Types are asked for with `type`:
`isinstance` asks the object too, and a lazy one would set itself up to answer.
"""

from __future__ import annotations

import sys
from functools import partial
from types import FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, Any

from redloop.blocking.scope import is_somebodys_own

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from types import CellType, ModuleType

_DEEPEST = 4  # steps from the globals: a class, its table, an object in that, its attributes
_MOST = 100  # entries: what is larger is data


class _Held(dict[str, Any]):
    """What somebody holds, under names. `put(name, before, after)` replaces it there."""

    def __init__(self, held: dict[str, Any], put: Callable[[str, Any, Any], None]) -> None:
        super().__init__(held)
        self._put = put

    def __setitem__(self, name: str, value: Any) -> None:
        before = self[name]
        super().__setitem__(name, value)
        self._put(name, before, value)


def stored_in(module: ModuleType, wanted: Container[int]) -> Iterator[tuple[Any, Any]]:
    """Yield each `(mapping or class, key)` below a module's globals whose value's `id` is `wanted`."""
    seen: set[int] = set()
    found: list[tuple[Any, int]] = [(vars(module), 0)]
    while found:
        holder, depth = found.pop()
        for key, value in list((vars(holder) if isinstance(holder, type) else holder).items()):
            if depth and id(value) in wanted:
                yield holder, key
            elif depth < _DEEPEST and id(value) not in seen:
                seen.add(id(value))
                found += ((inner, depth + 1) for inner in _holders(value, module.__name__, holder, key))


def _holders(value: Any, module: str, holder: Any, key: str) -> Iterator[Any]:
    """What `value`, which `holder` has under `key`, holds in its turn: mappings and classes."""
    kind = type(value)
    if issubclass(kind, (dict, list, tuple)) and len(value) > _MOST:
        return
    if kind is dict:
        yield value
    elif kind is list:
        yield _of_a_list(value)
    elif issubclass(kind, tuple):
        yield _of_a_tuple(value, holder, key)
    elif kind is partial:
        yield _of_a_partial(value)
        yield value.keywords
    elif kind is FunctionType:
        yield _of_defaults(value)
        yield value.__kwdefaults__ or {}
        yield _of_a_closure(value)
    elif issubclass(kind, type):
        if value.__module__ == module:
            yield value
            yield _of_statics(value)
    elif is_somebodys_own(getattr(sys.modules.get(kind.__module__), "__file__", None)):
        yield from _of_an_object(value, kind)


def _of_a_list(owner: list[Any]) -> _Held:
    def put(index: str, before: Any, after: Any) -> None:
        if int(index) < len(owner) and owner[int(index)] is before:  # it may have been moved
            owner[int(index)] = after

    return _Held(_numbered(owner), put)


def _of_a_tuple(owner: tuple[Any, ...], holder: Any, key: str) -> _Held:
    items, now = list(owner), owner

    def put(index: str, _before: Any, after: Any) -> None:
        nonlocal now
        items[int(index)] = after
        before, same = now, all(map(_is, items, owner))
        now = owner if same else tuple.__new__(type(owner), items)
        if isinstance(holder, type):
            if vars(holder).get(key) is before:
                setattr(holder, key, now)
        elif holder.get(key) is before:
            holder[key] = now

    return _Held(_numbered(owner), put)


def _of_a_partial(owner: partial[Any]) -> _Held:
    def put(_name: str, _before: Any, after: Any) -> None:
        state = after, owner.args, owner.keywords, vars(owner)
        owner.__setstate__(state)  # type: ignore[attr-defined]  # typeshed has no such name

    return _Held({"func": owner.func}, put)


def _of_defaults(owner: FunctionType) -> _Held:
    defaults = list(owner.__defaults__ or ())

    def put(index: str, _before: Any, after: Any) -> None:
        defaults[int(index)] = after
        owner.__defaults__ = tuple(defaults)

    return _Held(_numbered(defaults), put)


def _of_a_closure(owner: FunctionType) -> _Held:
    cells = dict(zip(owner.__code__.co_freevars, owner.__closure__ or (), strict=True))

    def put(name: str, before: Any, after: Any) -> None:
        if _contents(cells[name]) is before:
            cells[name].cell_contents = after

    return _Held({name: _contents(cell) for name, cell in cells.items()}, put)


def _of_statics(owner: type) -> _Held:
    made = {name: one for name, one in vars(owner).items() if type(one) is staticmethod}

    def put(name: str, _before: Any, after: Any) -> None:
        setattr(owner, name, made[name] if after is made[name].__func__ else staticmethod(after))

    return _Held({name: one.__func__ for name, one in made.items()}, put)


def _of_an_object(owner: Any, kind: type) -> Iterator[dict[str, Any]]:
    slots = {
        name: one for base in kind.__mro__ for name, one in vars(base).items() if type(one) is MemberDescriptorType
    }
    if slots:
        held = {name: _contents(slot, owner) for name, slot in slots.items()}
        yield _Held(held, lambda name, _before, after: slots[name].__set__(owner, after))
    if kind.__dictoffset__:
        yield object.__getattribute__(owner, "__dict__")


def _numbered(values: Any) -> dict[str, Any]:
    return {str(index): value for index, value in enumerate(values)}


def _is(one: object, other: object) -> bool:
    return one is other


def _contents(place: CellType | MemberDescriptorType, owner: object = None) -> Any:
    """What is in a cell of a closure, or in a slot of an object; None while there is nothing in it."""
    try:
        return place.__get__(owner) if isinstance(place, MemberDescriptorType) else place.cell_contents
    except (AttributeError, ValueError):
        return None
