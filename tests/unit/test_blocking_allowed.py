"""Which names may be allowed: all that a report can show, and no other."""

from __future__ import annotations

import sys

import pytest

from redloop.blocking.allowed import Allowed, objection
from redloop.blocking.calls import catalogue
from redloop.blocking.calls.cures import CURES

REPORTED = [
    "time.sleep",
    "shop.stock:time.sleep",
    "stall",
    "shop:stall",
    "gc.collect",
    "import",
    "concurrent.futures.Future.result",
    "json.load",
    "os.walk",
    "os.path.exists",
    "os.path.realpath",
    "multiprocessing.Pool.join",
    "requests.api.get",
    "zipfile.ZipFile",
    "pathlib.Path.glob",
]


@pytest.mark.parametrize("name", [*REPORTED, *sorted(CURES), *(one.call for one in catalogue.entries())])
def test_what_a_report_can_show(name: str) -> None:
    assert objection(name) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("time.slep", "did you mean 'time.sleep'?"),
        ("shop.stock:sqlite3.Connection.exec", "did you mean 'shop.stock:sqlite3.Connection.execute'?"),
        ("stal", "did you mean 'stall'?"),
        ("shop.stock.reserve", "such as 'time.sleep'"),
        ("asyncio.sleep", "did you mean"),
        ("zipfile.ZipFile.__init__", "did you mean 'zipfile.ZipFile'?"),
        ("shop:genericpath.exists", "did you mean 'shop:os.path.exists'?"),
        (":time.sleep", "no module before the colon"),
        ("", "such as 'time.sleep'"),
    ],
)
def test_what_no_report_ever_shows(name: str, why: str) -> None:
    assert why in (objection(name) or "")
    with pytest.raises(ValueError, match="no "):
        Allowed([name])


def test_a_module_that_does_something_is_not_imported_to_check_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)
    objection.cache_clear()
    assert objection("this.s") is None
    assert objection("thus.s") is not None
    assert "this" not in sys.modules
