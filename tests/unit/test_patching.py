from __future__ import annotations

import _thread
import io
import sqlite3
import sys
import time
from types import ModuleType

import pytest

from redloop.patching import Patches, Plan


@pytest.fixture
def alias(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("somebody")
    module.nap = time.sleep  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "somebody", module)
    return module


def test_replaces_the_home_and_its_aliases_and_puts_them_back(alias: ModuleType) -> None:
    original, patches = time.sleep, Patches()

    def replacement(_seconds: float) -> None: ...

    patches.replace_everywhere(original, replacement)
    assert time.sleep is replacement
    assert alias.nap is replacement
    patches.undo()
    assert time.sleep is original
    assert alias.nap is original


def test_leaves_alone_what_somebody_else_put_there(alias: ModuleType) -> None:
    patches = Patches()
    patches.replace_everywhere(time.sleep, lambda _seconds: None)
    alias.nap = print
    patches.undo()
    assert alias.nap is print


def test_a_method_of_a_class_written_in_c() -> None:
    original, patches = io.BufferedReader.__dict__["read"], Patches()
    patches.replace(io.BufferedReader, "read", lambda _self: b"replaced")
    with open(__file__, "rb") as file:
        assert file.read() == b"replaced"
        patches.undo()
        assert file.read(4) == b"from"
    assert io.BufferedReader.__dict__["read"] is original


def test_iterating_in_c_finds_a_replaced_next() -> None:
    class Cursor(sqlite3.Cursor):
        pass

    def rows() -> list[list[int]]:
        return [[row[0] for row in connection.cursor(kind).execute("values (1), (2)")] for kind in kinds]

    connection, kinds = sqlite3.connect(":memory:"), (sqlite3.Cursor, Cursor)
    original, plan = sqlite3.Cursor.__dict__["__next__"], Plan()
    plan.add(sqlite3.Cursor, "__next__", original, lambda self: (-original(self)[0],))
    for _ in range(2):
        plan.apply()
        assert rows() == [[-1, -2]] * 2
        plan.undo()
        assert rows() == [[1, 2]] * 2
        assert sqlite3.Cursor.__dict__["__next__"] is original
    with pytest.raises(TypeError, match="immutable"):
        sqlite3.Cursor.__next__ = original  # type: ignore[method-assign]
    connection.close()


def test_with_finds_a_replaced_enter() -> None:
    lock, entered, patches = _thread.allocate_lock(), [], Patches()
    original = lock.__class__.__dict__["__enter__"]

    def enter(entering: object) -> object:
        entered.append(entering)
        return original(entering)

    patches.replace(_thread.LockType, "__enter__", enter)
    try:
        with lock:
            pass
    finally:
        patches.undo()
    assert lock in entered


def test_what_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(KeyError):
        Patches().replace(time, "no_such_name", print)
