"""One small harness: a sample suite, run by a pytest of its own, as its owner would run it."""

import json
import textwrap

import pytest

PLAIN = ["-p", "no:randomly", "-p", "no:cacheprovider"]
# What says that a plugin is used, and its name: together more than a second of CPU, in each of hundreds of runs.
SLOW_TO_LOAD = {
    "hypothesis": "hypothesispytest", "aiohttp": "aiohttp", "anyio": "anyio", "--cov": "pytest_cov", "-n": "xdist",
}  # fmt: skip


ON_CI = ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS")  # pytest then cuts no message short, and redloop annotates


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
        sources = [*self.pytester.path.rglob("*.py"), *self.pytester.path.rglob("*.ini")]
        said = " ".join([*map(str, args), *(path.read_text() for path in sources)])
        unused = [f"-pno:{plugin}" for word, plugin in SLOW_TO_LOAD.items() if word not in said]
        return self.pytester.runpytest_subprocess(*PLAIN, *unused, *args)

    def measure(self, *args, **files):
        """Run, and return what `--redloop-json` says of each test, by the test's name."""
        self.run("--redloop-json=report.json", *args, **files)
        report = json.loads((self.pytester.path / "report.json").read_text())
        assert report["version"] == 1
        return {test["nodeid"].partition("::")[2]: test for test in report["tests"]}


@pytest.fixture
def example(pytester, monkeypatch):
    for name in ON_CI:
        monkeypatch.delenv(name, raising=False)
    return Example(pytester)
