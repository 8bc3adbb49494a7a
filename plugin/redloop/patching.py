"""Replace a callable wherever it is reached from, and put everything back.

`from time import sleep` makes a second name for the same function, in a module that `time.sleep = …` does not touch. So
a replacement goes to the home module and to every alias in the modules that are loaded. Undoing touches only places
where the replacement still stands: what somebody else put there meanwhile is theirs.
"""

from __future__ import annotations

import ctypes
import gc
import inspect
import sys
from functools import update_wrapper
from itertools import compress
from operator import is_, is_not, itemgetter
from types import ModuleType, WrapperDescriptorType
from typing import TYPE_CHECKING, Any

from redloop.modules import globals_of, is_module
from redloop.versions import FLAGS, Versions, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping

    Namespace = MutableMapping[str, Any]
    Change = tuple[str, Any, Any]  # a name, what is expected there, and what to put there

# The interpreter's own machinery, and ours: they must keep the originals.
_OFF_LIMITS = ("redloop", "importlib", "_frozen_importlib", "_frozen_importlib_external", "_imp", "posix", "nt", "_io")
_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE, 3.10+
_INHERITED = object()
_MANY = 4  # from so many changes on it is cheaper to make all at once


class Patches:
    """Replacements that are in place, newest last.

    >>> import time
    >>> patches = Patches()
    >>> patches.replace_everywhere(time.sleep, print)
    >>> patches.undo()
    """

    def __init__(self) -> None:
        self._done: list[tuple[Any, str, Any, Any]] = []

    def __bool__(self) -> bool:
        return bool(self._done)

    def replace(self, owner: ModuleType | type | Namespace, name: str, replacement: object) -> None:
        """Put `replacement` at `owner.name`: a module, a class (also one written in C) or a module's globals.

        A class may inherit `name`. Raises `KeyError` when `owner` has no such name.
        """
        namespace = namespace_of(owner)
        original = namespace.get(name, _INHERITED) if hasattr(owner, name) else namespace[name]
        put(owner, namespace, name, replacement)
        self._done.append((owner, name, original, replacement))

    def replace_everywhere(self, original: Callable[..., Any], replacement: Callable[..., Any]) -> None:
        """Put `replacement` in every loaded module that has `original` among its globals, under whatever name."""
        for namespace, name in list(aliases([original])):
            self.replace(namespace, name, replacement)

    def undo(self) -> None:
        """Put back all that was replaced, newest first, where the replacement still stands."""
        while self._done:
            owner, name, original, replacement = self._done.pop()
            namespace = namespace_of(owner)
            if namespace.get(name) is not replacement:
                continue
            if original is _INHERITED:
                delattr(owner, name)
            else:
                put(owner, namespace, name, original)


class Plan:
    """Replacements that are put in place and taken back again and again, in microseconds for hundreds of them."""

    def __init__(self) -> None:
        self._planned: dict[int, tuple[Namespace, dict[tuple[str, int], Change]]] = {}
        self._slots: list[tuple[type, str, Any, Any]] = []  # what C code does not look up by name
        self._classes: list[type] = []  # without those that inherit from one of them
        self._ways: tuple[_Swap, _Swap] | None = None  # there and back
        self._versions: list[Versions] = []  # of the classes
        self.applied = False
        self.missed: list[tuple[Namespace, str]] = []
        """Where something else stood than what was expected, when it was last applied."""

    def add(self, owner: type | Namespace, name: str, original: object, replacement: object) -> None:
        """Plan to put `replacement` at `owner.name` wherever `original` stands there then; if applied, at once."""
        if isinstance(owner, type) and isinstance(original, WrapperDescriptorType):
            self._slots.append((owner, name, original, replacement))
            if self.applied:
                _fill(owner, name, original, replacement)
            return
        namespace = namespace_of(owner)
        _, changes = self._planned.setdefault(id(namespace), (namespace, {}))
        changes[name, id(original)] = name, original, replacement
        if self.applied and namespace.get(name) is original:
            namespace[name] = replacement
            if isinstance(owner, type):
                changed(owner)
        if isinstance(owner, type) and not issubclass(owner, tuple(self._classes)):
            self._classes = [kind for kind in self._classes if not issubclass(kind, owner)] + [owner]
        self._ways = None

    def apply(self) -> None:
        """Put the replacements in place."""
        self.applied = True
        self.missed = self._swap(0)

    def undo(self) -> None:
        """Put the originals back where the replacements still stand."""
        if self.applied:
            self.applied = False
            self._swap(1)

    def _swap(self, way: int) -> list[tuple[Namespace, str]]:
        if self._ways is None:
            there = [(namespace, list(changes.values())) for namespace, changes in self._planned.values()]
            back = [(namespace, [(name, new, old) for name, old, new in changes]) for namespace, changes in there]
            self._ways = _Swap(there), _Swap(back)
            self._versions = [Versions(kind, self._classes) for kind in self._classes]
        for versions in self._versions:
            versions.leave()
        missed = self._ways[way].make()
        for owner, name, old, new in self._slots:
            _fill(owner, name, *((new, old) if way else (old, new)))
        for versions in self._versions:
            versions.enter(way)
        return missed


class _Swap:
    """Changes, each made where what is expected stands: one by one, or all of a namespace's in C if it has many."""

    def __init__(self, planned: Iterable[tuple[Namespace, list[Change]]]) -> None:
        self._single: list[tuple[Namespace, str, Any, Any]] = []
        self._many: list[tuple[Namespace, itemgetter[Any], tuple[Any, ...], Namespace, list[Change]]] = []
        for namespace, changes in planned:
            names, before, after = zip(*changes, strict=True)
            # One of several may stand at a name; and what only looks like a dict is told of each change by itself.
            if type(namespace) is dict and len(set(names)) == len(names) >= _MANY:
                self._many.append(
                    (namespace, itemgetter(*names), before, dict(zip(names, after, strict=True)), changes)
                )
            else:
                self._single += ((namespace, *change) for change in changes)

    def make(self) -> list[tuple[Namespace, str]]:
        """Make the changes; returns where something else stands than what is expected."""
        missed: list[tuple[Namespace, str]] = []
        for namespace, values_of, before, after, changes in self._many:
            try:
                standing = values_of(namespace)
            except KeyError:
                missed += _replace((namespace, *change) for change in changes)
                continue
            if all(map(is_, standing, before)):
                namespace.update(after)
            else:
                namespace.update(compress(after.items(), map(is_, standing, before)))
                missed += ((namespace, name) for name in compress(after, map(is_not, standing, before)))
        return missed + _replace(self._single)


def _replace(changes: Iterable[tuple[Namespace, str, Any, Any]]) -> list[tuple[Namespace, str]]:
    missed = []
    for namespace, name, before, after in changes:
        if namespace.get(name) is before:
            namespace[name] = after
        else:
            missed.append((namespace, name))
    return missed


class StandIn:
    """What is put in the place of a function that is written in C; a subclass says what a call of it does.

    A function written in Python would not do: stored on a class it becomes a method, it is not pickled for another
    process, and `inspect` tells it from a builtin.
    """

    def __init__(self, original: Any, module: str) -> None:
        """`module` is where people find it: `os`, and not `posix`."""
        update_wrapper(self, original)  # type: ignore[arg-type]  # a subclass can be called
        self.__name__: str
        self.__module__ = module
        self.original = original  # where that stands in for another, its attributes have just been taken over

    def __getattr__(self, name: str) -> Any:
        """What else a builtin has: `__self__`, `__text_signature__`."""
        return getattr(self.original, name)

    @property  # type: ignore[misc]  # what is always there could be set, too
    def __class__(self) -> type[Any]:  # what `isinstance` asks, beside the type
        return type(inspect.unwrap(self.original))

    def __reduce__(self) -> Any:
        """Pickle what it stands in for, by the name at which this one stands, or that one."""
        if getattr(sys.modules.get(self.__module__), self.__name__, None) is self:
            return self.__name__
        return itemgetter(0), ((self.original,),)

    def __eq__(self, other: object) -> bool:
        return other is self or self.original == other

    def __hash__(self) -> int:
        return hash(self.original)

    def __repr__(self) -> str:
        return repr(self.original)


def aliases(originals: Collection[object]) -> Iterator[tuple[Namespace, str]]:
    """Yield each place, `(globals of a loaded module, name)`, that holds one of `originals`."""
    wanted = {id(original) for original in originals}
    for _, module in loaded_modules():
        for name, value in list(globals_of(module).items()):
            if id(value) in wanted:
                yield globals_of(module), name


def loaded_modules() -> Iterator[tuple[str, ModuleType]]:
    """Yield each loaded module that may be touched, with the name that it is loaded under."""
    for name, module in list(sys.modules.items()):
        if may_be_touched(name, module):
            yield name, module


def may_be_touched(name: str, module: object) -> bool:
    """Whether a module's globals may be replaced; `name` is what it is loaded under."""
    return is_module(module) and name.partition(".")[0] not in _OFF_LIMITS


def newest_module() -> tuple[int, int]:
    """What changes with each import, at next to no cost."""
    return len(sys.modules), id(next(reversed(sys.modules.values())))


def namespace_of(owner: ModuleType | type | Namespace) -> Namespace:
    """The dict of a module, of a class (its own, which may be written to), or the dict that this is."""
    if isinstance(owner, type):
        # A class hands out a read-only view of its dict; the dict is what that view refers to.
        (namespace,) = gc.get_referents(owner.__dict__)
        return namespace  # type: ignore[no-any-return]
    return globals_of(owner) if isinstance(owner, ModuleType) else owner


def put(owner: object, namespace: Namespace, name: str, value: object) -> None:
    """Have `owner`, whose dict `namespace` is, keep a value under this name: a class that is written in C, too."""
    if not isinstance(owner, type):
        namespace[name] = value
    elif owner.__flags__ & _IMMUTABLE:
        namespace[name] = value
        changed(owner)
    else:
        setattr(owner, name, value)


def _fill(owner: type, name: str, before: object, after: object) -> None:
    """Put `after` in the place of a class's `__next__` or the like, for whoever asks C's slot for it, too.

    Python does so itself when a class's attribute is set, which those written in C forbid: for a moment this one does
    not. Where its flags are not where they are looked for, nothing is done.
    """
    flags = ctypes.c_ulong.from_address(id(owner) + FLAGS)
    if vars(owner).get(name) is before and flags.value == owner.__flags__:
        kept = flags.value & _IMMUTABLE
        flags.value &= ~_IMMUTABLE
        try:
            setattr(owner, name, after)
        finally:
            flags.value |= kept
