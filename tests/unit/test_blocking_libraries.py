"""What blocks inside of a library is laid to the line that can do something about it, with the cure of that."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from redloop import detect
from redloop.blocking.allowed import objection
from redloop.blocking.calls import catalogue
from redloop.blocking.calls.cures import cure
from redloop.blocking.calls.names import public_name

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from redloop import BlockingCall

SOURCE = """
import importlib.metadata, time

def fetch(seconds, times=1):
    for _ in range(times):
        time.sleep(seconds)

async def fetch_async(seconds):
    time.sleep(seconds)

def version():
    return importlib.metadata.version("pytest")

class Stream:
    def write(self, text):
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
"""


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Make a package that seems to be installed."""

    def make(name: str) -> Any:
        module = ModuleType(name)
        exec(compile(SOURCE, f"/site-packages/{name}/__init__.py", "exec"), vars(module))  # noqa: S102 - as if installed
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return make


def seen(scenario: Callable[[], Awaitable[object]], level: str = "tests") -> Sequence[BlockingCall]:
    with detect(calls=level) as calls:  # type: ignore[arg-type]
        asyncio.run(scenario())
    return calls


def line(scenario: Callable[..., object], number: int) -> tuple[str, int]:
    return __file__, scenario.__code__.co_firstlineno + number


def test_a_package_that_takes_long_is_laid_to_the_line_that_calls_it(library) -> None:
    """Who reads the report has not written the package."""
    driver = library("driver")

    async def scenario() -> None:
        driver.fetch(0.06)

    (call,) = seen(scenario)
    assert (call.filename, call.lineno) == line(scenario, 1)
    assert (call.kind, call.call, call.instead) == ("call", "driver.fetch", "await asyncio.to_thread(driver.fetch, …)")


def test_so_are_many_short_calls_that_take_long_together(library) -> None:
    driver = library("driver")

    async def scenario() -> None:
        driver.fetch(0.02, 6)

    (call,) = seen(scenario)
    assert (call.kind, call.filename, call.lineno) == ("stall", *line(scenario, 1))


def test_what_a_package_does_in_a_coroutine_of_its_own_is_its_own_doing(library) -> None:
    driver = library("driver")

    async def scenario() -> None:
        await driver.fetch_async(0.06)

    (call,) = seen(scenario)
    assert (call.call, call.filename) == ("time.sleep", "/site-packages/driver/__init__.py")


def test_who_asks_for_everybodys_calls_gets_the_packages_own_line(library) -> None:
    driver = library("driver")

    async def scenario() -> None:
        driver.fetch(0.06)

    assert [call.function for call in seen(scenario, "all")] == ["fetch"]


def test_to_await_a_library_is_what_one_should_do(library) -> None:
    redis = library("redis")

    async def scenario() -> None:
        await redis.fetch_async(0.001)

    assert seen(scenario) == []
    (call,) = seen(scenario, "all")
    assert call.instead == "nothing: it is awaited, and blocks inside of redis, whose authors can mend that"


def test_a_version_that_a_library_looks_up_is_not_the_callers(library) -> None:
    redis = library("redis")

    async def scenario() -> None:
        redis.version()

    async def own() -> None:
        importlib.metadata.version("pytest")

    assert seen(scenario) == []
    assert {call.lineno for call in seen(own)} == {line(own, 1)[1]}


def test_what_is_installed_may_be_allowed() -> None:
    assert objection("pluggy.PluginManager.register") is None
    assert objection("pluggy") is not None
    assert objection("conftest.library") is not None


ENTRIES = {entry.call: entry for entry in catalogue.entries()}


@pytest.mark.parametrize(
    ("entry", "call", "instead"),
    [
        ("time.sleep", "time.sleep", "await asyncio.sleep(…)"),
        ("os.stat", "os.stat", "await asyncio.to_thread(os.stat, …)"),
        ("os.stat", "os.path.exists", "await asyncio.to_thread(os.path.exists, …)"),
        ("os.stat", "pathlib.Path.exists", "await asyncio.to_thread(pathlib.Path.exists, …)"),
        ("file.write", "json.dump", "await asyncio.to_thread(json.dump, …)"),
        ("file.write", "zipfile.ZipFile.__exit__", "await asyncio.to_thread(…) round all of the `with`"),
        ("file.__next__", "file.__next__", "await asyncio.to_thread(file.readlines)"),
        ("os.scandir", "os.walk", "await asyncio.to_thread(lambda: list(…))"),
        ("smtplib.SMTP.connect", "smtplib.SMTP", "await asyncio.to_thread(smtplib.SMTP, …)"),
        ("subprocess.run", "platform.platform", "await asyncio.to_thread(platform.platform, …)"),
        (
            "subprocess.Popen.wait",
            "subprocess.Popen.__exit__",
            "process = await asyncio.create_subprocess_exec(…); await process.wait()",
        ),
        ("socket.recv", "redis.client.Pipeline.execute", "redis.asyncio.Redis, whose methods are awaited; or"),
        ("threading.Lock.acquire", "pymongo.collection.Collection.find_one", "pymongo.AsyncMongoClient; or"),
        ("os.stat", "pymongo.asynchronous.mongo_client.AsyncMongoClient", "make it once, where nobody waits; or"),
        ("os.stat", "boto3.client", "aioboto3; or"),
        ("psycopg.connect", "psycopg.connect", "psycopg.AsyncConnection; or"),
        ("httpx.get", "httpx.get", "async with httpx.AsyncClient() as client: await client.get(…)"),
        (
            "ssl.SSLContext.load_cert_chain",
            "ssl.SSLContext.load_cert_chain",
            "one ssl.SSLContext for all, made before the loop runs; or await asyncio.to_thread(context.load_cert",
        ),
        ("ssl.create_default_context", "httpx.AsyncClient", "one ssl.SSLContext for all"),
        ("time.sleep", "tenacity.Retrying.__call__", "the same decorator on an `async def`"),
        ("time.sleep", "driver.Client.__call__", "await asyncio.to_thread(…) round it"),
    ],
)
def test_the_cure_is_that_of_what_the_suite_calls(entry: str, call: str, instead: str) -> None:
    assert cure(ENTRIES[entry], call).startswith(instead)


def test_there_is_a_cure_for_all_that_is_in_the_catalogue() -> None:
    assert all(cure(entry, entry.call) for entry in catalogue.entries())


def test_a_slow_handler_of_a_log_has_the_cure_of_that(library: Callable[[str], Any]) -> None:
    """It may be slow in code that has no name of its own; whoever writes to the log can do nothing about that."""
    handler = logging.StreamHandler(library("driver").Stream())
    log = logging.getLogger("a slow one")
    log.addHandler(handler)

    async def scenario() -> None:
        await asyncio.sleep(0)
        log.error("disk full")

    try:
        (call,) = seen(scenario)
    finally:
        log.removeHandler(handler)
    assert (call.kind, (call.filename, call.lineno)) == ("stall", line(scenario, 2))
    assert call.instead.startswith("a logging.handlers.QueueHandler")


@pytest.mark.parametrize(
    ("own", "spoken"),
    [
        ("multiprocessing.context.BaseContext.Pool", "multiprocessing.Pool"),
        ("selectors._PollLikeSelector.select", "selectors.PollSelector.select"),
        ("sqlite3.dump._iterdump", "sqlite3.Connection.iterdump"),
    ],
)
def test_what_people_call_it_may_be_allowed(own: str, spoken: str) -> None:
    assert public_name(own) == spoken
    assert objection(spoken) is None
