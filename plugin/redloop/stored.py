"""Callables that a module of the suite's own has stored: in a table, a partial, a default value, a class, an object.

`glob` keeps some so, too. They are reached neither by the home module's name nor by an alias among a module's globals.
Each is offered in a mapping that always shows what is there now, so that it can be replaced and put back like any
other, also by two who do not know of each other. Types are asked for with `type`: `isinstance` asks the object too, and
a lazy one would set itself up to answer.
"""

from __future__ import annotations

import sys
from _queue import SimpleQueue
from collections import deque
from functools import partial
from types import BuiltinMethodType, FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, Any

from redloop.modules import globals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator, MutableMapping
    from types import CellType, ModuleType

_DEEPEST = 4  # steps from the globals: a class, its table, an object in that, its attributes
_MOST = 100  # entries: what is larger is data
# Modules of the library whose objects keep what they are given: a SimpleNamespace, a Mock, a Condition of its lock.
_KEEPERS = frozenset({"collections", "sched", "tempfile", "threading", "types", "unittest.mock"})
_C_METHODS: tuple[type, ...] = (
    BuiltinMethodType,
    type(SimpleQueue().get),
)  # the two kinds of a method that is written in C


class Held:
    """What somebody holds, under names. `read(name)` is what is there now or None, `put(name, value)` replaces it."""

    def __init__(self, names: Collection[str], read: Callable[[str], Any], put: Callable[[str, Any], None]) -> None:
        self._names, self._read, self._put = names, read, put

    def get(self, name: str) -> Any:
        """What is there now, or None."""
        return self._read(name)

    __getitem__ = get

    def __setitem__(self, name: str, value: Any) -> None:
        self._put(name, value)

    def items(self) -> list[tuple[str, Any]]:
        """The names, and what is there now."""
        return [(name, self._read(name)) for name in self._names]


def stored_in(
    module: ModuleType, wanted: Container[int], is_own: Callable[[str], bool], *, methods: bool = False
) -> Iterator[tuple[Held | MutableMapping[Any, Any], Any]]:
    """Yield each `(mapping, key)` below a module's globals whose value's `id` is `wanted`.

    `is_own` says of a file whether it is the suite's: no other objects are looked into, but for those of the library
    that keep what they are given. With `methods` also each whose value is a function written in C: it may be a method
    that was bound to its object before its class's was replaced, such as `receive = sock.recv`.
    """
    search = _Search(str(globals_of(module).get("__name__")), is_own)
    seen: set[int] = set()
    found: list[tuple[Any, int]] = [(globals_of(module), 0)]
    while found:
        holder, depth = found.pop()
        for key, value in list(holder.items()):
            if id(value) in wanted:  # ours among them, whose closures hold the originals
                if depth:
                    yield holder, key
            elif type(value) in _C_METHODS:
                if methods:
                    yield holder, key
            elif depth < _DEEPEST and id(value) not in seen:
                seen.add(id(value))
                found += ((inner, depth + 1) for inner in search.holders(value, holder, key))


class _Search:
    """What the objects below one module's globals hold."""

    def __init__(self, module: str, is_own: Callable[[str], bool]) -> None:
        self._module, self._is_own = module, is_own

    def holders(self, value: Any, holder: Any, key: Any) -> Iterator[Any]:
        """What `value`, which `holder` has under `key`, holds in its turn, as mappings."""
        kind = type(value)
        if issubclass(kind, (dict, list, tuple, deque)):
            if len(value) <= _MOST:
                yield from self._of_a_container(value, kind, holder, key)
        elif kind is partial:
            yield _of_a_partial(value)
            yield value.keywords
        elif kind is FunctionType:
            yield from _of_a_function(value)
        elif issubclass(kind, type):
            if value.__module__ == self._module:
                yield _of_a_class(value)
        elif self._keeps_what_it_is_given(kind):
            yield from _of_an_object(value, kind)

    def _of_a_container(self, value: Any, kind: type, holder: Any, key: Any) -> Iterator[Any]:
        if kind is dict:
            yield value
        elif kind is list or kind is deque:
            yield _of_a_list(value)
        elif issubclass(kind, tuple):
            yield _of_a_tuple(value, holder, key)
        else:
            if issubclass(kind, dict):
                yield _of_a_dict(value)
            if self._keeps_what_it_is_given(kind):
                yield from _of_an_object(value, kind)

    def _keeps_what_it_is_given(self, kind: type) -> bool:
        if kind.__module__ in _KEEPERS:
            return True
        file = globals_of(sys.modules.get(kind.__module__)).get("__file__")
        return file is not None and self._is_own(file)


def _of_a_dict(owner: dict[str, Any]) -> Held:
    """A class of somebody's own may do more than a dict when it is asked or written to."""
    return Held(
        list(dict.keys(owner)),
        lambda key: dict.get(owner, key),
        lambda key, value: dict.__setitem__(owner, key, value),
    )


def _of_a_list(owner: list[Any] | deque[Any]) -> Held:
    def put(index: str, value: Any) -> None:
        owner[int(index)] = value

    return Held(_numbers(owner), lambda index: _at(owner, index), put)


def _of_a_tuple(owner: tuple[Any, ...], holder: Any, key: Any) -> Held:
    seen: dict[tuple[int, ...], Any] = {}  # by what is in them: what stood there comes back, not its like

    def now() -> Any:
        there = holder.get(key)
        return there if type(there) is type(owner) else ()

    def put(index: str, value: Any) -> None:
        there = now()
        seen[tuple(map(id, there))] = there
        items = list(there)
        items[int(index)] = value
        holder[key] = seen.get(tuple(map(id, items))) or tuple.__new__(type(owner), items)

    return Held(_numbers(owner), lambda index: _at(now(), index), put)


def _of_a_partial(owner: partial[Any]) -> Held:
    """Its function and its arguments."""

    def put(index: str, value: Any) -> None:
        parts = [owner.func, *owner.args]
        parts[int(index)] = value
        state = parts[0], tuple(parts[1:]), owner.keywords, vars(owner)
        owner.__setstate__(state)  # type: ignore[attr-defined]  # typeshed has no such name

    return Held(_numbers((owner.func, *owner.args)), lambda index: _at((owner.func, *owner.args), index), put)


def _of_a_function(owner: FunctionType) -> Iterator[Any]:
    if owner.__defaults__:
        yield _of_defaults(owner)
    if owner.__kwdefaults__:
        yield owner.__kwdefaults__
    if owner.__closure__:
        yield _of_a_closure(owner)


def _of_defaults(owner: FunctionType) -> Held:
    def put(index: str, value: Any) -> None:
        defaults = list(owner.__defaults__ or ())
        defaults[int(index)] = value
        owner.__defaults__ = tuple(defaults)

    return Held(_numbers(owner.__defaults__ or ()), lambda index: _at(owner.__defaults__ or (), index), put)


def _of_a_closure(owner: FunctionType) -> Held:
    cells = dict(zip(owner.__code__.co_freevars, owner.__closure__ or (), strict=True))

    def put(name: str, value: Any) -> None:
        cells[name].cell_contents = value

    return Held(cells, lambda name: _contents(cells[name]), put)


def _of_a_class(owner: type) -> Held:
    """A static method is shown as the function that it calls.

    A function written in C takes no `self`, and what stands in for it must take none either.
    """
    seen: dict[tuple[str, int], Any] = {}  # by name and what is shown: what stood there comes back, not its like

    def put(name: str, value: Any) -> None:
        there = vars(owner)[name]
        seen[name, id(_plain(there))] = there
        made = staticmethod(value) if type(there) is staticmethod or (_binds(value) and not _binds(there)) else value
        type.__setattr__(owner, name, seen.get((name, id(value)), made))

    return Held(list(vars(owner)), lambda name: _plain(vars(owner).get(name)), put)


def _of_an_object(owner: Any, kind: type) -> Iterator[Any]:
    slots = {
        name: one for base in kind.__mro__ for name, one in vars(base).items() if type(one) is MemberDescriptorType
    }
    if slots:

        def put(name: str, value: Any) -> None:
            slots[name].__set__(owner, value)

        yield Held(slots, lambda name: _contents(slots[name], owner), put)
    if kind.__dictoffset__:
        yield object.__getattribute__(owner, "__dict__")


def _numbers(values: Collection[Any]) -> list[str]:
    return list(map(str, range(len(values))))


def _at(values: list[Any] | tuple[Any, ...] | deque[Any], index: str) -> Any:
    """What is there, or None: somebody may have taken entries out."""
    return values[int(index)] if int(index) < len(values) else None


def _plain(one: Any) -> Any:
    return one.__func__ if type(one) is staticmethod else one


def _binds(one: Any) -> bool:
    return hasattr(type(one), "__get__")


def _contents(place: CellType | MemberDescriptorType, owner: object = None) -> Any:
    """What is in a cell of a closure, or in a slot of an object; None while there is nothing in it."""
    try:
        return place.__get__(owner) if isinstance(place, MemberDescriptorType) else place.cell_contents
    except (AttributeError, ValueError):
        return None
