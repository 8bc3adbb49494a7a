"""The state of one pytest session: settings, what counts as the suite's code, and the test that is watched now."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from redloop.pytest_plugin import options, outcome, virtual
from redloop.pytest_plugin.extent import Extent
from redloop.pytest_plugin.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Generator

    from redloop.blocking import Detector, Scope
    from redloop.pytest_plugin.baseline import Baseline
    from redloop.pytest_plugin.timeouts import Blow
    from redloop.pytest_plugin.watch import Watch
    from redloop.scheduling.tokens import Token
    from redloop.timeline import Recorder

KEY: pytest.StashKey[Session] = pytest.StashKey()


class Session:
    """One per pytest session, in the config's stash."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.settings = options.of_config(config)
        self.extent = Extent(config)
        self.ledger = Ledger(config, self.settings)
        self.keeps_spans = self.settings.timeline == "all" or any(
            options.target(config, name) for name in options.FILES
        )
        """Whether somebody asked for the spans of tests that pass, too."""
        self.baseline = self._asked_baseline()
        self.news_of_baseline = ""
        self.watch: Watch | None = None
        self.blow: Blow | None = None
        self.has_virtual_tests = False
        self._loops: weakref.WeakSet[Any] = weakref.WeakSet()
        self._mistakes: dict[pytest.Item, str] = {}
        self._explored: list[pytest.Item] = []
        self._token = self._parsed_token()
        self._replayed: list[pytest.Item] = []
        self._test_files: set[str] = set()
        self._source = self._named_source()
        self._scopes: dict[str, Scope] = {}
        self._recorder: Recorder | None = None
        self._is_said = False  # by an error that says all that there is to say

    # -- collection

    def check_arguments(self) -> None:
        """A kata has a pytest.ini of its own. Raises `pytest.UsageError` for a run that names one and uses another."""
        for argument in self.config.args:
            path = os.path.abspath(os.path.join(self.config.invocation_params.dir, argument.partition("::")[0]))
            for folder in (path, os.path.dirname(path), os.path.dirname(os.path.dirname(path))):
                rules = os.path.join(folder, "pytest.ini")
                if not os.path.isfile(os.path.join(folder, "kata.toml")) or not os.path.isfile(rules):
                    continue
                if str(self.config.inipath) != rules:
                    name = os.path.relpath(folder, self.config.invocation_params.dir)
                    raise pytest.UsageError(
                        f"{name} is a kata with rules of its own, in {os.path.join(name, 'pytest.ini')}, "
                        f"which this run does not use: run `pytest {name}` by itself"
                    )

    def check(self, items: list[pytest.Item]) -> None:
        """Look at every test's marker before any test runs. Raises `pytest.UsageError` for what cannot be."""
        for item in items:
            self._test_files.add(str(item.path))
            try:
                self._check_item(item)
            except pytest.UsageError as error:
                if not hasattr(self.config, "workerinput"):
                    raise
                self._mistakes[item] = str(error)  # xdist makes an INTERNALERROR of one that a worker raises

    def choose_replayed(self, items: list[pytest.Item]) -> None:
        """Leave those tests of all that would run that `--redloop-replay` is for. Raises `pytest.UsageError`."""
        if self._token is not None:
            from redloop.pytest_plugin import exploring

            explored = [item for item in items if item in self._explored]
            try:
                self._replayed = exploring.replayed(self._token, explored)
            except ValueError as error:
                raise pytest.UsageError(f"{options.source(self.config, 'replay')}: {error}") from None
            rest = [item for item in items if item not in self._replayed]
            items[:] = self._replayed
            self.config.hook.pytest_deselected(items=rest)

    def _parsed_token(self) -> Token | None:
        text = options.target(self.config, "replay")
        if text is None:
            return None
        from redloop.scheduling.tokens import Token

        try:
            return Token.parse(text)
        except ValueError as error:
            raise pytest.UsageError(f"{options.source(self.config, 'replay')}: {error}") from None

    def _check_item(self, item: pytest.Item) -> None:
        settings = options.of_item(item, self.settings)
        if settings.schedules or settings.margin:
            from redloop.pytest_plugin import exploring

            if (why := exploring.objection(item) or virtual.objection(item)) is not None:
                raise pytest.UsageError(f"{item.nodeid}: {why}")
            self._explored.append(item)
        if settings.clock != "virtual":
            return
        objection = virtual.objection(item)
        if objection is None:
            self.has_virtual_tests = True
        elif settings.clock_by_marker:
            raise pytest.UsageError(f"{item.nodeid}: {objection}")

    def generate_tests(self, metafunc: pytest.Metafunc) -> Generator[None]:
        """Round `pytest_generate_tests`: pytest-asyncio asks for loop factories in there."""
        try:
            settings = options.of_item(metafunc.definition, self.settings)
        except pytest.UsageError:
            return (yield)  # said by `check`, once everything is collected
        if not virtual.wants_factories(metafunc.definition, settings):
            return (yield)
        with virtual.loop_factories(self.config):
            return (yield)

    def _asked_baseline(self) -> Baseline | None:
        if not options.wants_baseline(self.config):
            return None
        from redloop.pytest_plugin.baseline import Baseline

        return Baseline.of_config(self.config)

    # -- one test

    def protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Round everything that happens for one test."""
        from redloop.pytest_plugin.watch import Watch

        settings = self.settings if item in self._mistakes else options.of_item(item, self.settings)
        if settings.clock == "virtual" and virtual.objection(item) is not None:
            settings = options.without_virtual_clock(settings)
        self.watch = Watch(item, settings, self.scope(settings.calls), self._the_recorder())
        for loop in self._loops:
            self.watch.add_loop(loop)
        try:
            with self.watch.watching():
                return (yield)
        finally:
            self.watch = None

    def setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Round a test's set-up."""
        __tracebackhide__ = True
        if self.has_virtual_tests and virtual.can_have_factories(self.config):
            with virtual.loop_factories(self.config):
                result = yield
        else:
            result = yield
        if item in self._mistakes:  # not before the yield: pytest's own plugins tear down what they have set up
            outcome.fail(self._mistakes[item])
        if self.watch is not None:
            self.watch.finalize_with(item)  # nothing but cached fixtures, or none
        return result

    def call(self) -> Generator[None, Any, Any]:
        """Round the call of the test function."""
        __tracebackhide__ = True
        if self.watch is None:
            return (yield)
        self.watch.blow = self.blow
        with self.watch.measuring_body():
            return (yield)

    def pyfunc_call(self, item: pytest.Item) -> None:
        """Before the test function is called: explore it, where that was asked for; then it runs as ever."""
        __tracebackhide__ = True
        if self.watch is not None and item in self._explored:
            from redloop.pytest_plugin import exploring

            exploring.run(item, self.watch, self._token if item in self._replayed else None)

    def teardown(self) -> Generator[None, Any, Any]:
        """Round a test's tear-down."""
        __tracebackhide__ = True
        return (yield)

    def guarded(self, phase: Generator[None, Any, Any]) -> Generator[None, Any, Any]:
        """Run one phase; a blow of the time-out that landed in it fails it, also when the code swallowed it."""
        __tracebackhide__ = True
        try:
            result = yield from phase
        except BaseException as error:
            if self.blow is None or (self.blow.text is None and not _is_blow(error)):
                if outcome.is_stuck(error):
                    own = outcome.own_frames(error)
                    self._is_said = own is None
                    raise error.with_traceback(own)  # noqa: B904 - it is the same error, less asyncio's frames
                raise
        else:
            if self.blow is None or self.blow.text is None:
                return result
        outcome.fail(self.blow.take())

    def judge(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Complete the report of one phase."""
        outcome.locate(report, item)
        if self._is_said:
            self._is_said = False
            outcome.stand_alone(report, item)
        if self.watch is not None:
            outcome.judge(item, report, self.watch, self)

    def set_timer(self, item: pytest.Item, settings: Any) -> bool | None:
        """pytest-timeout starts a test's time; None leaves it to pytest-timeout."""
        from redloop.pytest_plugin import timeouts

        if not timeouts.can_strike(settings):
            return None
        self.blow = timeouts.Blow(item, settings, self.scope("all"))
        item.cancel_timeout = self.blow.arm()  # type: ignore[attr-defined]  # where pytest-timeout looks for it
        return True

    def fixture_set_up(self, fixturedef: pytest.FixtureDef[Any], value: object) -> None:
        """A fixture is ready."""
        name = fixturedef.argname
        if fixturedef.scope != "function" and (loop := virtual.loop_of(name, value)) is not None:
            self._loops.add(loop)
        if self.watch is not None:
            self.watch.fixture_set_up(name, fixturedef, value)

    def detector(self) -> Detector | None:
        """The detector of the test that runs now."""
        return self.watch.detector if self.watch is not None else None

    def recorder(self) -> Recorder | None:
        """The recorder of the test that runs now."""
        return self.watch.recorder if self.watch is not None else None

    def _the_recorder(self) -> Recorder | None:
        if self._recorder is None and self.settings.timeline != "never":
            from redloop.pytest_plugin.body import new_recorder

            self._recorder = new_recorder(self.scope("tests").owns)
        return self._recorder

    def scope(self, level: Any) -> Scope:
        """What counts as the suite's own code, and which of it as tests."""
        if level not in self._scopes:
            from redloop.blocking import Scope, installed_project

            if not self._source:
                root = str(self.config.rootpath)
                self._source = [root, *installed_project(root)]
            self._scopes[level] = Scope(roots=self._source, is_test=self.is_test_file, level=level)
        return self._scopes[level]

    def _named_source(self) -> list[str]:
        words = self.config.getini("redloop_source")
        if not words:
            return []
        from redloop.blocking import roots_of

        try:
            return roots_of(words, str(self.config.rootpath))
        except ValueError as error:
            raise pytest.UsageError(f"redloop_source in the ini file: {error}") from None

    def is_test_file(self, filename: str) -> bool:
        """Whether a file is a test module or a conftest."""
        return filename in self._test_files or os.path.basename(filename) == "conftest.py"

    def end(self, session: pytest.Session) -> None:
        """The last test is over. xdist's workers leave the writing to the one who started them."""
        if self._recorder is not None:
            self._recorder.uninstall()
        self.extent.end(session, lambda: self.scope(self.settings.calls))
        if not hasattr(self.config, "workerinput"):
            from redloop.pytest_plugin import files

            if files.write(self):
                session.exitstatus = pytest.ExitCode.USAGE_ERROR


def _is_blow(error: BaseException) -> bool:
    from redloop.pytest_plugin.timeouts import LoopTimeout

    return isinstance(error, LoopTimeout)
