from __future__ import annotations

import asyncio
import json
import os
import runpy
import tokenize
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking import Scope, detect, installed_project, roots_of, scope

if TYPE_CHECKING:
    from pathlib import Path

SITE = "/suite/.venv/lib/python3.13/site-packages"


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("/suite/app/views.py", "code"),
        ("/suite/tests/test_views.py", "tests"),
        ("/suite/tests/conftest.py", "tests"),
        (f"{SITE}/fastapi/app.py", "installed"),
        (f"{SITE}/numpy/conftest.py", "installed"),
        (f"{SITE}/requests/api.py", "through"),
        (f"{SITE}/_pytest/runner.py", "never"),
        ("/elsewhere/module.py", "installed"),
        (json.__file__, "through"),
        (asyncio.__file__, "never"),
        ("<string>", "generated"),
        ("<frozen posixpath>", "through"),
        ("<frozen importlib._bootstrap>", "never"),
    ],
)
def test_kinds(filename: str, kind: str) -> None:
    assert Scope(["/suite"]).kind(filename) == kind


def test_a_root_inside_site_packages_is_the_suites_own() -> None:
    scope = Scope(["/suite", f"{SITE}/mine"])
    assert scope.kind(f"{SITE}/mine/module.py") == "code"
    assert scope.kind(f"{SITE}/mineral/module.py") == "installed"


def test_tests_are_the_suites_own_wherever_its_source_is() -> None:
    scope = Scope(["/suite/src"])
    assert scope.kind("/suite/tests/test_views.py") == "tests"
    assert scope.kind("/suite/tests/helpers.py") == "installed"


def test_a_virtual_environment_below_a_root_is_not_the_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "_VENV", "/suite/env/")
    assert Scope(["/suite"]).kind("/suite/env/src/driver/core.py") == "installed"
    assert Scope(["/suite", "/suite/env/src/driver"]).kind("/suite/env/src/driver/core.py") == "code"
    monkeypatch.setattr(scope, "_VENV", "/suite/")  # python -m venv .
    assert Scope(["/suite"]).kind("/suite/app/views.py") == "code"
    assert Scope(["/suite"]).kind("/suite/lib/python3.13/site-packages/fastapi/app.py") == "installed"


def test_source_is_paths_and_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "shop/__init__.py",
        "lib/far/__init__.py",
        "lib/far/near/__init__.py",
        "lib/space/deep/m.py",
        "lib/one.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("raise AssertionError('imported')\n")
    monkeypatch.syspath_prepend(tmp_path / "lib")
    found = roots_of(["shop", "lib/one.py", "far.near", "space.deep", "one"], str(tmp_path))
    assert found == [
        str(tmp_path / name) for name in ("shop", "lib/one.py", "lib/far/near", "lib/space/deep", "lib/one.py")
    ]


@pytest.mark.parametrize("word", ["shopp", "json.nowhere", "json.decoder.nowhere", "src/shop", "", "sys", "./x"])
def test_a_source_that_does_not_exist(word: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is neither a path below .* nor a package that can be imported"):
        roots_of([word], str(tmp_path))
    with pytest.raises(ValueError, match="is neither a path"), detect(source=["nowhere.at.all"]):
        pass


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"allow": "time.sleep"}, TypeError, r"allow is a list of names: allow=\['time.sleep'\]"),
        ({"source": "src"}, TypeError, r"source is a list of names: source=\['src'\]"),
        ({"calls": "mine"}, ValueError, "calls is one of off, code, tests, all, not 'mine'"),
        ({"allow": None}, TypeError, "allow is a list of names, not None"),
        ({"source": [1]}, TypeError, r"source is a list of names, not \[1\]"),
        ({"threshold": None}, ValueError, "threshold is a number of seconds above 0, not None"),
        ({"threshold": True}, ValueError, "threshold is a number of seconds above 0, not True"),
        ({"threshold": "0.1"}, ValueError, "threshold is a number of seconds above 0, not '0.1'"),
        ({"threshold": 0}, ValueError, "threshold is a number of seconds above 0, not 0"),
    ],
)
def test_what_cannot_be_detected(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said), detect(**options):
        pass


def test_the_project_that_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    info = site / "my_shop-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-shop\nVersion: 1.0\n")
    files = [
        "shop/__init__.py",
        "shop/db/__init__.py",
        "shop/db/q.py",
        "space/name/__init__.py",
        "one.py",
        "../../bin/x.py",
    ]
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).touch()
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in [*files, "my_shop-1.0.dist-info/RECORD"]))
    monkeypatch.syspath_prepend(site)
    assert installed_project(str(tmp_path)) == []
    for text in ("[project", "project = 1", "[project]\nname = 1", "[project]\nname = 'nobody-has-it'", "[tool.x]"):
        (tmp_path / "pyproject.toml").write_text(text)
        assert installed_project(str(tmp_path)) == []
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'My.Shop'\n")
    assert installed_project(str(tmp_path)) == [str(site / name) for name in ("one.py", "shop", "space/name")]


def test_without_roots_all_that_is_not_installed_is_the_callers_own() -> None:
    assert Scope().kind("/anywhere/script.py") == "code"
    assert Scope().kind(f"{SITE}/fastapi/app.py") == "installed"


@pytest.mark.parametrize(("level", "reported"), [("off", ""), ("code", "c"), ("tests", "ct"), ("all", "cti")])
def test_each_level_includes_the_one_before(level, reported: str) -> None:
    scope = Scope(["/suite"], level=level)
    files = {"c": "/suite/app.py", "t": "/suite/test_app.py", "i": f"{SITE}/fastapi/app.py"}
    assert "".join(key for key, filename in files.items() if scope.reports(filename)) == reported


def test_another_tool_sees_nothing_of_what_redloop_reads(monkeypatch, tmp_path: Path) -> None:
    """blockbuster makes an error of `os.path.abspath` below code that it watches: it would land in the suite's task."""

    def no_loop_runs(original):
        def call(*args, **kwargs):
            assert asyncio._get_running_loop() is None, "a blocking call"
            return original(*args, **kwargs)

        return call

    module = tmp_path / "module.py"
    module.write_text("import time\n\n\nasync def nap():\n    time.sleep(0.001)\n", encoding="utf-8")
    names = runpy.run_path(str(module))
    for owner, name in ((os, "stat"), (os.path, "abspath"), (scope, "abspath"), (tokenize, "open")):
        monkeypatch.setattr(owner, name, no_loop_runs(getattr(owner, name)))
    with detect(source=[str(tmp_path)]) as calls:
        asyncio.run(names["nap"]())
    assert [(call.call, call.lineno) for call in calls] == [("time.sleep", 5)]
