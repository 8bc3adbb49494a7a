"""One small harness: a sample suite, run by a pytest of its own, as its owner would run it."""

import json
import textwrap

import pytest

PLAIN = ["-p", "no:randomly", "-p", "no:cacheprovider"]


class Example:
    def __init__(self, pytester):
        self.pytester = pytester
        self.ini("asyncio_mode = auto", "asyncio_default_fixture_loop_scope = function")

    def ini(self, *lines):
        self.pytester.makefile(".ini", pytest="[pytest]\n" + "\n".join(lines))

    def run(self, *args, **files):
        """Write the files (test_it="…", conftest="…") and run pytest on them in a process of its own."""
        for name, source in files.items():
            self.pytester.makepyfile(**{name: textwrap.dedent(source)})
        return self.pytester.runpytest_subprocess(*PLAIN, *args)

    def measure(self, *args, **files):
        """Run, and return what `--redloop-json` says of each test, by the test's name."""
        self.run("--redloop-json=report.json", *args, **files)
        report = json.loads((self.pytester.path / "report.json").read_text())
        assert report["version"] == 1
        return {test["nodeid"].partition("::")[2]: test for test in report["tests"]}


@pytest.fixture
def example(pytester):
    return Example(pytester)
