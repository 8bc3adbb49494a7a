"""The versions of classes, by which the interpreter knows whether what it has looked up in one still holds.

A change ends the version of a class and of all that inherit from it, and the next lookup gives each another. From
Python 3.13 on a class that has had a thousand gets no more, and to look something up in it takes two to three times as
long for as long as the process lives (`MAX_VERSIONS_PER_CLASS` in CPython's `Objects/typeobject.c`; before, the classes
written in C run out of them together). So one that is changed to and fro, twice a test, gets back the version that it
had in that state, and all that is remembered by it holds again.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_POINTER = ctypes.sizeof(ctypes.c_void_p)
FLAGS = object.__basicsize__ + 19 * _POINTER
"""Where a PyTypeObject has its `tp_flags`."""
_VERSION = object.__basicsize__ + 46 * _POINTER  # and its `tp_version_tag`
_VALID = 1 << 19  # Py_TPFLAGS_VALID_VERSION_TAG, without which 3.11 and 3.12 take a version for none
_HAVE_A_FLAG = sys.version_info < (3, 13)  # asked once: a test may say that this is another Python
_type_modified = ctypes.PyDLL(None).PyType_Modified  # not of `ctypes.pythonapi`, which is everybody's
_type_modified.restype = None


def changed(kind: type) -> None:
    """Have the interpreter forget what it knows of a class and of those that inherit from it.

    A cached lookup would go on finding what was there.
    """
    _type_modified(ctypes.py_object(kind))


class Versions:
    """Those of a class and of all that inherit from it when this is made.

    It is changed from one state to another between `leave()` and `enter(state)`. What anybody else changes in it ends
    all that was known of its states; where that happens again and again, no more is noted. Only a change that another
    thread makes between those two, which is a matter of microseconds, is not seen.
    """

    def __init__(self, kind: type, beside: Collection[type] = ()) -> None:
        """`beside` are the classes that are changed at the same time; what inherits from these, too, is left out."""
        self._class = ctypes.py_object(kind)
        self._its = ctypes.c_uint.from_address(id(kind) + _VERSION)
        others = {one for one in beside if one is not kind}
        heirs = [one for one in _heirs(kind) if others.isdisjoint(type.__getattribute__(one, "__mro__"))]
        self._members = list(map(_Member, heirs)) if are_known() else []
        self._lasting = [member.field for member in self._members if member.held is not None]
        self._fleeting = [member for member in self._members if member.held is None]
        self._known: dict[int, list[int]] = {}  # by the state
        self._now: list[int] = []  # the versions that the last `enter` has left
        self._in_vain = 0  # how often in a row somebody else had changed it

    def leave(self) -> None:
        """Before a change: from here on nobody remembers anything of the class."""
        if self._in_vain < _OFTEN_IN_VAIN:
            if self._versions() == self._now:
                self._in_vain = 0
            else:
                self._in_vain += 1
                self._known.clear()
        _type_modified(self._class)

    def enter(self, state: int) -> None:
        """After a change: what was remembered when the class was last in this state is true again."""
        if not self._members or self._its.value:  # another thread has looked something up in the midst of it
            _type_modified(self._class)
        if self._in_vain >= _OFTEN_IN_VAIN:
            return
        if state not in self._known:
            for member in self._members:
                member.ask()
            self._known[state] = self._versions()
        else:
            self._restore(self._known[state])
        self._now = self._known[state]

    def _versions(self) -> list[int]:
        versions = [field.value for field in self._lasting]
        return versions + [member.version() for member in self._fleeting] if self._fleeting else versions

    def _restore(self, versions: list[int]) -> None:
        for field, version in zip(self._lasting, versions, strict=False):
            field.value = version
        for member, version in zip(self._fleeting, versions[len(self._lasting) :], strict=True):
            member.restore(version)
        if _HAVE_A_FLAG:
            for member in self._members:
                member.validate()


_OFTEN_IN_VAIN = 10


class _Member:
    """A class that may be gone: what was its memory is not to be touched then."""

    def __init__(self, kind: type) -> None:
        self._kind = weakref.ref(kind)
        # The standard library's own are there anyway, and can be held: there are many, and to ask each takes its time.
        self.held = kind if _is_the_librarys(kind) else None
        self.field = ctypes.c_uint.from_address(id(kind) + _VERSION)
        self._flags = ctypes.c_ulong.from_address(id(kind) + FLAGS)

    def version(self) -> int:
        """The version that it has; 0 where it has none."""
        kind = self._kind()  # held while its memory is looked at
        return 0 if kind is None else self.field.value

    def ask(self) -> None:
        """Have it given a version, if the interpreter gives it any: by looking up what no class has."""
        kind = self._kind()
        if kind is not None:
            with suppress(AttributeError):
                type.__getattribute__(kind, "__version_of_redloop__")

    def restore(self, version: int) -> None:
        """Put back one that it had."""
        kind = self._kind()
        if kind is not None:
            self.field.value = version

    def validate(self) -> None:
        """Say that its version is one, if it has any: before 3.13 it takes a flag."""
        kind = self._kind()
        if kind is not None and self.field.value:
            self._flags.value |= _VALID


def _is_the_librarys(kind: type) -> bool:
    """Whether a class says that it is, or that it is written in C and says nothing. It may say anything."""
    module = type.__getattribute__(kind, "__dict__").get("__module__", "builtins")
    return type(module) is str and module.partition(".")[0] in sys.stdlib_module_names


def _heirs(kind: type) -> list[type]:
    """A class, and all that inherit from it, each once."""
    found = {kind: None}
    to_ask = [kind]
    while to_ask:
        heirs: list[type] = type.__subclasses__(to_ask.pop())
        to_ask += (heir for heir in heirs if heir not in found)
        found.update(dict.fromkeys(heirs))
    return list(found)


@cache
def are_known() -> bool:
    """Whether this interpreter keeps the versions where we look for them. It is tried, on classes of our own.

    Without its lock, as in a free-threaded build, others would look things up while they are written.
    """
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return False
    one = type("one", (), {})
    other = type("other", (one,), {})
    members = [_Member(one), _Member(other)]

    def versions() -> list[int]:
        for member in members:
            member.ask()
        return [member.version() for member in members]

    before = versions()
    changed(one)
    between, after = [member.version() for member in members], versions()
    changed(one)
    for member, version in zip(members, before, strict=True):
        member.restore(version)
        if _HAVE_A_FLAG:
            member.validate()
    restored = versions()
    changed(one)
    ended = [member.version() for member in members]
    are_different = len({*before, *after}) == len(before) + len(after)
    return are_different and all(after) and restored == before and not any([*between, *ended])
