"""Tasks left running and coroutines never awaited."""

import os

import pytest

STRICT = "--redloop-leaks=error"


def test_a_task_left_running_fails_the_test_that_made_it(example):
    result = example.run(
        STRICT,
        test_it="""
        import asyncio

        async def worker():
            await asyncio.sleep(3600)

        async def test_leaves_one():
            asyncio.create_task(worker(), name="poller")

        async def test_cleans_up():
            task = asyncio.create_task(worker())
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                pass
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*the test is over and *poller* is still running; it was made at test_it.py:7*"])


DEADLOCK = """
    import asyncio, pytest

    pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.redloop(clock="virtual")]

    async def take(first, second):
        async with first:
            await asyncio.sleep(1)
            async with second:
                pass

    @pytest.fixture
    async def service():
        yield
        tasks.append(asyncio.create_task(asyncio.Event().wait(), name="of_the_fixture"))

    tasks = []

    async def test_deadlock():
        one, other = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(take(one, other), take(other, one))

    async def test_finds_none():
        assert len(asyncio.all_tasks()) == 1

    async def test_deadlock_beside(service):
        await asyncio.Event().wait()
"""


def test_what_a_deadlocks_report_has_told_of_is_not_told_again(example):
    result = example.run(STRICT, test_it=DEADLOCK)
    result.assert_outcomes(failed=2, passed=1, errors=1)
    told = [line for line in result.stdout.lines if "is still running" in line and "(test_it.py" not in line]
    assert len(told) == 1
    assert "of_the_fixture" in told[0]
    assert result.stdout.str().count("test_it.py:8 in take: async with second:") == 2

    tests = example.measure(STRICT, test_it=DEADLOCK)
    assert {name: len(test["leaks"]) for name, test in tests.items()} == {
        "test_deadlock": 0,
        "test_finds_none": 0,
        "test_deadlock_beside": 1,
    }
    spans = {span["name"]: span["outcome"] for span in tests["test_deadlock"]["spans"]}
    assert spans == {"test_deadlock": "cancelled", "take #1": "cancelled", "take #2": "cancelled"}


def test_one_drain_is_given_before_judging(example):
    """A task that needs a few more turns, and no time, is not left behind."""
    example.run(
        STRICT,
        test_it="""
        import asyncio

        async def nearly_done():
            for _ in range(5):
                await asyncio.sleep(0)

        async def test_it():
            asyncio.create_task(nearly_done())
        """,
    ).assert_outcomes(passed=1)


def test_a_fixture_may_stop_what_the_body_started(example):
    example.run(
        STRICT,
        test_it="""
        import asyncio, pytest_asyncio

        @pytest_asyncio.fixture
        async def tasks():
            tasks = []
            yield tasks
            for task in tasks:
                task.cancel()

        async def test_it(tasks):
            tasks.append(asyncio.create_task(asyncio.sleep(3600)))
        """,
    ).assert_outcomes(passed=1)


PLUGIN = """
import pytest, pytest_asyncio

@pytest.fixture
def settings():
    yield

@pytest.fixture(autouse=True)
def isolated(settings):
    yield

@pytest_asyncio.fixture
async def tasks():
    tasks = []
    yield tasks
    for task in tasks:
        task.cancel()
"""


@pytest.mark.parametrize(
    ("own", "argument", "outcome"),
    [
        ("", "", {"failed": 1}),
        ("@pytest.fixture(autouse=True)\ndef own(): yield", "", {"passed": 1, "errors": 1}),
        ("@pytest.fixture(autouse=True)\ndef own(tasks): yield", "tasks", {"passed": 1}),
        ("", "tasks", {"passed": 1}),
        ("pytestmark = pytest.mark.usefixtures('tasks')", "", {"passed": 1, "errors": 1}),
    ],
)
def test_what_a_plugin_brings_to_each_test_ends_no_task(example, monkeypatch, own, argument, outcome):
    """Such as pytest-django's fixtures: that a leak was found at their tear-down made it an error of that."""
    installed = example.pytester.mkdir("site-packages")
    (installed / "isolating.py").write_text(PLUGIN)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH")))))
    test = f"async def test_it({argument}):\n    task = asyncio.create_task(asyncio.sleep(3600))\n"
    test += "    tasks.append(task)\n" * bool(argument)
    result = example.run(STRICT, "-pisolating", test_it=f"import asyncio\nimport pytest\n\n{own}\n\n{test}")
    result.assert_outcomes(**outcome)


def test_a_fixture_that_leaves_one_is_an_error_at_tear_down(example):
    example.run(
        STRICT,
        test_it="""
        import asyncio, pytest_asyncio

        @pytest_asyncio.fixture
        async def service():
            asyncio.create_task(asyncio.sleep(3600))

        async def test_it(service):
            pass
        """,
    ).assert_outcomes(passed=1, errors=1)


def test_the_tasks_of_wider_fixtures_do_not_count(example):
    example.run(
        STRICT,
        test_it="""
        import asyncio, pytest, pytest_asyncio

        pytestmark = pytest.mark.asyncio(loop_scope="module")

        @pytest_asyncio.fixture(scope="module", loop_scope="module")
        async def service():
            task = asyncio.create_task(asyncio.sleep(3600))
            yield
            task.cancel()

        async def test_one(service):
            pass

        async def test_two(service):
            pass
        """,
    ).assert_outcomes(passed=2)


def test_on_a_shared_loop_the_leak_is_gone_before_the_next_test(example):
    example.run(
        STRICT,
        test_it="""
        import asyncio, pytest

        pytestmark = pytest.mark.asyncio(loop_scope="module")

        async def test_leaves_one():
            asyncio.create_task(asyncio.sleep(3600), name="left")

        async def test_finds_none():
            assert len(asyncio.all_tasks()) == 1
        """,
    ).assert_outcomes(failed=1, passed=1)


def test_warn_leaves_the_task_alone_and_reports_it(example):
    result = example.run(
        test_it="""
        import asyncio, pytest

        pytestmark = pytest.mark.asyncio(loop_scope="module")

        async def test_leaves_one():
            asyncio.create_task(asyncio.sleep(3600), name="left")

        async def test_finds_it():
            assert "left" in {task.get_name() for task in asyncio.all_tasks()}
        """,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*redloop: left behind by tests*", "*left*test_it.py:6 (test_it.py::test_leaves_one)"])


NEVER = """
    import asyncio, warnings, pytest

    async def send():
        pass

    async def test_forgets():
        send()

    async def test_expects_it():
        with pytest.warns(RuntimeWarning, match="never awaited"):
            send()

    async def test_records_it(recwarn):
        send()

    @pytest.mark.filterwarnings("ignore:coroutine")
    async def test_ignores_it():
        send()
"""


def test_a_coroutine_never_awaited_counts_where_its_warning_is_seen(example):
    result = example.run(STRICT, test_it=NEVER)
    result.assert_outcomes(failed=1, passed=3, warnings=1)
    result.stdout.fnmatch_lines(["*send*was called at test_it.py:7 and never awaited, so it never ran*"])


def test_pytests_own_warning_is_still_shown(example):
    result = example.run(test_it=NEVER)
    result.assert_outcomes(passed=4, warnings=1)
    result.stdout.fnmatch_lines(["*RuntimeWarning: coroutine 'send' was never awaited*"])


def test_off_watches_nothing(example):
    tests = example.measure("--redloop-leaks=off", test_it=NEVER)
    assert [test["leaks"] for test in tests.values()] == [[], [], [], []]


def test_leaks_inside_a_stopwatch(example):
    example.run(
        test_it="""
        import asyncio

        async def test_it(stopwatch):
            with stopwatch() as run:
                task = asyncio.create_task(asyncio.sleep(3600), name="mine")
                await asyncio.sleep(0)
            assert [(leak.kind, leak.lineno) for leak in run.leaks] == [("task", 5)]
            task.cancel()
        """,
    ).assert_outcomes(passed=1)


def test_an_exception_that_nobody_looked_at(example):
    result = example.run(
        STRICT,
        test_it="""
        import asyncio

        async def fails():
            raise ValueError("lost")

        async def test_it():
            task = asyncio.create_task(fails())
            await asyncio.wait([task])
            del task

        async def test_set():
            asyncio.get_running_loop().create_future().set_exception(ValueError("set"))
        """,
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*nobody looked at the error of task fails() (ValueError: lost); it was raised at test_it.py:4*",
            "*the error of a Future (ValueError: set); it was only set, with set_exception(), and never raised*",
        ]
    )


def test_an_async_generator_left_open(example):
    result = example.run(
        STRICT,
        test_it="""
        import asyncio

        async def rows():
            try:
                yield 1
                yield 2
            finally:
                await asyncio.sleep(0)

        async def test_it():
            async for row in rows():
                break
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*rows()*left open*begun at test_it.py:11*"])


def test_an_error_is_lost_by_the_test_that_made_its_task_and_fails_no_other(example):
    result = example.run(
        STRICT,
        test_it="""
        import asyncio, gc, pytest

        pytestmark = pytest.mark.asyncio(loop_scope="module")
        kept = []

        async def boom():
            raise ValueError("lost")

        async def test_keeps_it():
            kept.append(asyncio.create_task(boom()))
            await asyncio.sleep(0)

        async def test_innocent():
            kept.clear()
            gc.collect()

        async def test_guilty():
            asyncio.create_task(boom())
            await asyncio.sleep(0)
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*FAILED test_it.py::test_guilty*"])
