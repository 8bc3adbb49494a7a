"""The names that `redloop` offers, and that taking one loads no more than it needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import redloop


def test_every_name_is_there_and_listed():
    for name in redloop.__all__:
        assert getattr(redloop, name).__name__ == name
    assert set(redloop.__all__) <= set(dir(redloop))


def test_every_name_is_read_by_mypy():
    typed = (Path(__file__).parent / "typing" / "public_api.py").read_text()
    assert set(redloop.__all__) - set(re.findall(r"redloop\.(\w+)", typed)) == set()


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(AttributeError, match="module 'redloop' has no attribute 'Virtualloop'"):
        _ = redloop.Virtualloop


def test_importing_redloop_loads_neither_asyncio_nor_pytest():
    code = "import sys, redloop; print({'asyncio', 'pytest'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
