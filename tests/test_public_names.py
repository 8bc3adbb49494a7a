"""The names that `redloop` offers, and that taking one loads no more than it needs."""

import subprocess
import sys

import redloop


def test_every_name_is_there_and_listed():
    for name in redloop.__all__:
        assert getattr(redloop, name).__name__ == name
    assert set(redloop.__all__) <= set(dir(redloop))


def test_a_name_that_is_not_there_says_so():
    try:
        redloop.Virtualloop  # noqa: B018 - asking for it is the test
    except AttributeError as error:
        assert str(error) == "module 'redloop' has no attribute 'Virtualloop'"  # noqa: PT017 - pytest.raises hides it


def test_importing_redloop_loads_neither_asyncio_nor_pytest():
    code = "import sys, redloop; print({'asyncio', 'pytest'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
