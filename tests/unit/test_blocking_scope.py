from __future__ import annotations

import asyncio
import json

import pytest

from redloop.blocking import Scope

SITE = "/suite/.venv/lib/python3.13/site-packages"


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("/suite/app/views.py", "code"),
        ("/suite/tests/test_views.py", "tests"),
        ("/suite/tests/conftest.py", "tests"),
        (f"{SITE}/fastapi/app.py", "installed"),
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


def test_without_roots_all_that_is_not_installed_is_the_callers_own() -> None:
    assert Scope().kind("/anywhere/script.py") == "code"
    assert Scope().kind(f"{SITE}/fastapi/app.py") == "installed"


@pytest.mark.parametrize(("level", "reported"), [("off", ""), ("code", "c"), ("tests", "ct"), ("all", "cti")])
def test_each_level_includes_the_one_before(level, reported: str) -> None:
    scope = Scope(["/suite"], level=level)
    files = {"c": "/suite/app.py", "t": "/suite/test_app.py", "i": f"{SITE}/fastapi/app.py"}
    assert "".join(key for key, filename in files.items() if scope.reports(filename)) == reported
