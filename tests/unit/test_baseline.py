"""What an update of the baseline adds, keeps and takes out, and what its file looks like."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from redloop.pytest_plugin.baseline import Baseline, Entry, Key
from redloop.record import BlockingCall

if TYPE_CHECKING:
    from pathlib import Path

PRICE, STOCK = Key("shop.py", "price", "os.stat"), Key("shop.py", "stock", "os.listdir")
KNOWN = {PRICE: Entry(2, frozenset({"one", "two"})), STOCK: Entry(1, frozenset({"two"}))}
TEXT = """\
{
 "version": 1,
 "calls": [
  {"path": "shop.py", "function": "price", "call": "os.stat", "count": 2, "tests": [
   "one",
   "two"
  ]},
  {"path": "shop.py", "function": "stock", "call": "os.listdir", "count": 1, "tests": [
   "two"
  ]}
 ]
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "known.json").write_text(TEXT)
    return tmp_path / "known.json"


def call(function: str = "price", name: str = "os.stat", filename: str = "/suite/shop.py") -> BlockingCall:
    return BlockingCall("call" if name else "stall", name, filename, 8, function, 0.06, "Task-1")


def updated(
    file: Path, seen: dict[str, list[tuple[Key, int]]], ended: set[str], *, is_whole: bool = False
) -> dict[Key, Entry]:
    baseline = Baseline(str(file), "/suite", updating=True)
    for nodeid, calls in seen.items():
        phases: list[tuple[str, list[Any]]] = [("setup", []), ("call", [[*key, count] for key, count in calls])]
        for when, found in phases:
            report: Any = SimpleNamespace(nodeid=nodeid, when=when, redloop={"seen": found})
            baseline.pytest_runtest_logreport(report)
    return baseline.updated(ended, is_whole=is_whole)


def test_the_file_is_read_and_written_as_it_was(file: Path) -> None:
    baseline = Baseline(str(file), "/suite", updating=True)
    assert baseline.entries == KNOWN
    assert baseline.write(dict(reversed(KNOWN.items()))) == "known.json has 2 entries: nothing new"
    file.unlink()
    baseline.write(dict(reversed(KNOWN.items())))
    assert file.read_text() == TEXT
    baseline.write({})
    assert Baseline(str(file), "/suite", updating=False).entries == {}
    assert [path.name for path in file.parent.iterdir()] == ["known.json"]


def test_what_has_changed_is_said(file: Path) -> None:
    baseline = Baseline(str(file), "/suite", updating=True)
    new = Key("shop.py", "pay", "stall")
    assert baseline.write({PRICE: Entry(1), new: Entry(0)}) == "known.json has 2 entries: 1 added, 1 changed, 1 pruned"
    assert Baseline(str(file), "/suite", updating=True).entries == {PRICE: Entry(1), new: Entry(0)}


@pytest.mark.parametrize(
    ("seen", "ended", "expected"),
    [
        pytest.param({}, set(), KNOWN, id="nothing ran"),
        pytest.param({"one": []}, {"one"}, {**KNOWN, PRICE: Entry(2, frozenset({"two"}))}, id="one no longer shows it"),
        pytest.param({"one": [], "two": []}, {"one"}, {**KNOWN, PRICE: Entry(2, frozenset({"two"}))}, id="two failed"),
        pytest.param({"one": [], "two": []}, {"one", "two"}, {}, id="both are clean"),
        pytest.param(
            {"one": [(PRICE, 1)], "two": []}, {"one", "two"}, {PRICE: Entry(1, frozenset({"one"}))}, id="less is left"
        ),
        pytest.param({"one": [(PRICE, 1)]}, {"one"}, KNOWN, id="two may still need the count"),
        pytest.param(
            {"three": [(STOCK, 4)]}, set(), {**KNOWN, STOCK: Entry(4, frozenset({"two", "three"}))}, id="more is seen"
        ),
    ],
)
def test_only_tests_that_ended_prove_that_something_is_gone(
    file: Path, seen: dict[str, list[tuple[Key, int]]], ended: set[str], expected: dict[Key, Entry]
) -> None:
    assert updated(file, seen, ended) == expected


def test_a_run_of_the_whole_suite_forgets_tests_that_are_gone(file: Path) -> None:
    assert updated(file, {"two": [(PRICE, 2)]}, {"two"}, is_whole=False)[PRICE].tests == {"one", "two"}
    assert updated(file, {"two": [(PRICE, 2)]}, {"two"}, is_whole=True) == {PRICE: Entry(2, frozenset({"two"}))}
    assert updated(file, {"two": []}, set(), is_whole=True) == {
        PRICE: Entry(2, frozenset({"two"})),  # it ran, and did not end
        STOCK: KNOWN[STOCK],
    }


def test_an_entry_without_tests_was_written_by_hand(file: Path) -> None:
    file.write_text('{"version": 1, "calls": [{"path": "shop.py", "function": "pay", "call": "open"}]}')
    key = Key("shop.py", "pay", "open")
    assert updated(file, {"one": []}, {"one"}) == {key: Entry(0)}
    assert updated(file, {"one": [(key, 7)]}, {"one"}) == {key: Entry(0, frozenset({"one"}))}
    assert updated(file, {"one": []}, {"one"}, is_whole=True) == {}


def test_more_of_the_same_in_one_test_is_reported_in_the_phase_that_has_it(file: Path) -> None:
    baseline, counts = Baseline(str(file), "/suite", updating=False), Counter[Key]()
    assert baseline.beyond([call(), call()], counts) == ((), {})
    assert baseline.beyond([call("stock", "os.listdir")], counts) == ((), {})
    new, beyond = baseline.beyond([call(), call("pay"), call()], counts)
    assert [one.function for one in new] == ["price", "pay", "price"]
    assert beyond == {("/suite/shop.py", "price", "os.stat"): (2, 2)}


def test_many_calls_of_one_record_are_counted_one_by_one(file: Path) -> None:
    many = [replace(call("load"), count=900), call("load")]
    assert Baseline(str(file), "/suite", updating=True).seen(many) == [["shop.py", "load", "os.stat", 901]]
    file.write_text(
        json.dumps({"version": 1, "calls": [{**Key("shop.py", "load", "os.stat")._asdict(), "count": 900}]})
    )
    baseline = Baseline(str(file), "/suite", updating=False)
    assert baseline.beyond(many[:1], Counter()) == ((), {})
    assert baseline.beyond(many, Counter()) == (tuple(many), {("/suite/shop.py", "load", "os.stat"): (1, 900)})


def test_stalls_are_counted_by_nobody(file: Path) -> None:
    baseline, stalls = Baseline(str(file), "/suite", updating=True), [call("pay", "")] * 3
    assert baseline.seen([*stalls, call(), call()]) == [["shop.py", "pay", "stall", 0], [*PRICE, 2]]
    baseline.write(updated(file, {"one": [(Key("shop.py", "pay", "stall"), 0)]}, set()))
    assert '"call": "stall", "tests": [' in file.read_text()
    assert Baseline(str(file), "/suite", updating=False).beyond(stalls, Counter()) == ((), {})


@pytest.mark.parametrize(
    ("filename", "path"),
    [
        ("/suite/shop/stock.py", "shop/stock.py"),
        ("/suite/.venv/lib/python3.13/site-packages/driver/core.py", "driver/core.py"),
        ("/usr/lib/python3/dist-packages/driver/core.py", "driver/core.py"),
        ("/elsewhere/it.py", "../elsewhere/it.py"),
        ("<string>", "<string>"),
    ],
)
def test_a_path_is_the_same_on_every_machine(file: Path, filename: str, path: str) -> None:
    assert Baseline(str(file), "/suite", updating=False).key(call(filename=filename)).path == path


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[]", "was not touched: it has no version"),
        ('{"version": 1}', "was not touched: it has no 'calls'"),
        ('{"version": 1, "calls": [1]}', "was not touched"),
        ('{"version": 1, "calls": 1}', "was not touched"),
        ('{"version": 1, "calls": [{"path": "x"}]}', "was not touched: it has no 'function'"),
        (TEXT.replace("2,", "-2,"), "was not touched: this is no entry"),
        ('{"version": 2}', "is of version 2, and this redloop reads 1: update redloop"),
        ("\xff", "was not touched: 'utf-8'"),
    ],
)
def test_what_is_wrong_with_a_file(file: Path, content: str, why: str) -> None:
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(pytest.UsageError, match=re.escape(why)):
        Baseline(str(file), "/suite", updating=True)
