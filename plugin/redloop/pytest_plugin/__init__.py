"""redloop in pytest: every hook is a line or two over a named function, and imports what it needs when it runs.

Loading this module costs next to nothing: neither asyncio nor any other part of redloop is imported by it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from redloop.pytest_plugin.measuring import Stopwatch
    from redloop.pytest_plugin.session import Session


_IS_WINDOWS = sys.platform == "win32"  # asked once: a test may say that it is another system


def pytest_addoption(parser: pytest.Parser) -> None:
    from redloop.pytest_plugin import options

    options.register(parser)


@pytest.hookimpl(tryfirst=True)  # the kata profile has to exist before hypothesis loads it
def pytest_configure(config: pytest.Config) -> None:
    from redloop.pytest_plugin import options

    config.addinivalue_line("markers", options.MARKER)
    if _IS_WINDOWS:
        from redloop.pytest_plugin import windows

        windows.stand_aside(config, sys.modules[__name__])
        return
    from redloop.pytest_plugin import files, profiles, session

    config.stash[session.KEY] = state = session.Session(config)
    config.pluginmanager.register(state.ledger, "redloop-ledger")  # these have hooks that are given no config
    config.pluginmanager.register(state.extent, "redloop-extent")
    if state.baseline is not None:
        config.pluginmanager.register(state.baseline, "redloop-baseline")
    files.check(config)
    state.check_arguments()
    profiles.register_kata_profile(config)


def _session(config: pytest.Config) -> Session:
    from redloop.pytest_plugin.session import KEY  # not from the package: that takes longer, and this is asked often

    return config.stash[KEY]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, Any, Any]:
    return (yield from _session(metafunc.config).generate_tests(metafunc))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _session(config).check(items)


@pytest.hookimpl(tryfirst=True)  # the terminal says then how many tests there are
def pytest_collection_finish(session: pytest.Session) -> None:
    _session(session.config).choose_replayed(session.items)


# Not tryfirst: pytest's own wrapper, which collects the warnings of a test, has to be outside of ours.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _session(item.config).protocol(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    __tracebackhide__ = True
    session = _session(item.config)
    return (yield from session.guarded(session.setup(item)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    __tracebackhide__ = True
    session = _session(item.config)
    return (yield from session.guarded(session.call()))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    __tracebackhide__ = True
    _session(pyfuncitem.config).pyfunc_call(pyfuncitem)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    __tracebackhide__ = True
    session = _session(item.config)
    return (yield from session.guarded(session.teardown()))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    value = yield
    _session(request.config).fixture_set_up(fixturedef, value)
    return value


# tryfirst: outermost, so that skip and xfail have been decided when it looks.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if call.excinfo is not None:
        from redloop.pytest_plugin import outcome

        outcome.take_out_our_hooks(call)
    report = yield
    _session(item.config).judge(item, report)
    return report


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    return _session(item.config).set_timer(item, settings)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    from redloop.pytest_plugin import summary

    summary.show(terminalreporter, _session(config))


def pytest_sessionfinish(session: pytest.Session) -> None:
    _session(session.config).end(session)


@pytest.fixture(scope="session")
def stopwatch(pytestconfig: pytest.Config) -> Stopwatch:
    """Measure a block of async code.

    `with stopwatch() as run: …`, then `run.elapsed`, `run.busy`, `run.blocked`, `run.blocking_calls`, `run.waited`,
    `run.overlap`, `run.peak`, `run.spans`, `run.leaks`. It is session-scoped and keeps no state, so it may stand beside
    hypothesis's `@given`.
    """
    from redloop.pytest_plugin import measuring

    return measuring.stopwatch_for(_session(pytestconfig))
