"""Explored tests in pytest: the three verdicts, the margin, replay, and every mistake as one clear line."""

import pytest

SUITE = """
    import asyncio, pytest

    class Account:
        def __init__(self):
            self.balance = 100
        async def withdraw(self, amount):
            balance = self.balance
            await asyncio.sleep(0)
            self.balance = balance - amount

    lock = asyncio.Lock()  # one for the module: its tests share a loop

    @pytest.mark.redloop(clock="virtual")
    async def test_another_one_waits_for_the_lock():
        async def hold():
            async with lock:
                await asyncio.sleep(1)
        await asyncio.gather(hold(), hold())

    @pytest.mark.redloop(schedules=100)
    async def test_lost_update():
        account = Account()
        await asyncio.gather(account.withdraw(10), account.withdraw(20))
        assert account.balance == 70, "both read before either wrote"

    @pytest.mark.redloop(schedules=100)
    @pytest.mark.parametrize("amount", [1, 2])
    async def test_guarded(amount, stopwatch):
        account = Account()
        async def withdraw():
            async with lock:
                await account.withdraw(amount)
                await asyncio.sleep(1)
        with stopwatch() as run:
            await asyncio.gather(withdraw(), withdraw())
        assert run.elapsed == 2.0
        assert account.balance == 100 - 2 * amount

    class TestClass:
        @pytest.mark.redloop(schedules=50)
        async def test_many(self):
            assert not vars(self)
            self.touched = True
            async def task():
                for _ in range(5):
                    await asyncio.sleep(0)
            await asyncio.gather(task(), task(), task())

    @pytest.mark.redloop(schedules=50)
    async def test_two_locks():
        async def both(first, second):
            async with first:
                await asyncio.sleep(0)
                async with second:
                    pass
        a, b = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(both(a, b), both(b, a))

    @pytest.mark.redloop(margin=0.1)
    async def test_margin():
        async with asyncio.timeout(0.1):
            await asyncio.sleep(0.07)

    @pytest.mark.redloop(schedules=50, lateness=0.02)
    async def test_not_so_late():
        async with asyncio.timeout(0.1):
            await asyncio.sleep(0.07)

    @pytest.mark.redloop(schedules=50)
    async def test_skipped():
        pytest.skip("not today")

    @pytest.mark.redloop(schedules=50)
    @pytest.mark.xfail(raises=AssertionError, strict=True)
    async def test_known():
        await test_lost_update()
"""
MODULE_LOOP = (
    "asyncio_mode = auto",
    "asyncio_default_test_loop_scope = module",
    "asyncio_default_fixture_loop_scope = module",
)


def test_every_verdict_has_a_line(example):
    example.ini(*MODULE_LOOP)
    result = example.run(test_it=SUITE)
    result.assert_outcomes(passed=5, failed=3, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: both read before either wrote",
            "*redloop schedule*",
            "fails: 1 forced switch at test_it.py:8",
            "*-- forced switch: Task-2 withdraw could go on at test_it.py:8, and has to wait",
            "fails at test_it.py:*: AssertionError: both read before either wrote",
            "What to look for: a line that relies on what was true before an await. Others have run since.",
            "Run this schedule alone: pytest --redloop-replay=3.*",
            "*redloop timeline*",
            " withdraw(10) *",
        ]
    )
    result.stdout.fnmatch_lines(["*waits for a Lock, held by Task-* since test_it.py:*"])
    result.stdout.fnmatch_lines(["deadlock: who waits for what is told above"])
    result.stdout.no_fnmatch_line("*_run_once*")  # no frame of asyncio's says anything here
    result.stdout.fnmatch_lines_random(
        [
            "test_it.py::test_lost_update: fails: 1 forced switch at test_it.py:8; --redloop-replay=3.*",
            "test_it.py::test_guarded?1?: holds in ALL 4 schedules",
            "test_it.py::TestClass::test_many: held in 50 schedules, more exist",
            "test_it.py::test_margin: margin 30 ms, less than asked for; fails: the loop 30 ms late; *",
            "test_it.py::test_not_so_late: holds in the only schedule",
        ]
    )
    result.stdout.no_fnmatch_line("*test_skipped: *")


def test_json_carries_them_and_a_token_replays_one(example):
    example.ini(*MODULE_LOOP)
    tests = example.measure(test_it=SUITE)
    found = tests["test_lost_update"]["exploration"]
    assert [span["name"] for span in tests["test_lost_update"]["spans"]] == [
        "test_lost_update",
        "withdraw(10)",
        "withdraw(20)",
    ]
    assert tests["test_margin"]["elapsed"] == 0.1
    assert found["verdict"] == "fails: 1 forced switch at test_it.py:8"
    assert (found["forced_switches"], found["exhausted"], found["switched_at"]) == (1, False, "test_it.py:8")
    assert tests["test_guarded[1]"]["exploration"]["exhausted"] is True
    assert tests["test_guarded[1]"]["elapsed"] == 2.0
    assert tests["test_margin"]["exploration"]["margin"] == 0.03
    assert tests["test_another_one_waits_for_the_lock"]["exploration"] is None
    result = example.run(f"--redloop-replay={found['token']}", "-k", "lost or guarded")
    result.assert_outcomes(failed=1, deselected=9)  # it alone, as the message says
    result.stdout.fnmatch_lines(
        ["collected 10 items / 9 deselected / 1 selected", "fails: 1 forced switch at test_it.py:8"]
    )
    result.stdout.fnmatch_lines(["*test_lost_update: fails: *"])


def test_with_workers_too(example):
    example.ini(*MODULE_LOOP)
    result = example.run("-n2", test_it=SUITE)
    result.assert_outcomes(passed=5, failed=3, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*::test_lost_update: fails: 1 forced switch at test_it.py:8; --redloop-replay=*"])


def test_what_one_schedule_does_is_not_told_a_hundred_times(example):
    tests = example.measure(
        "--redloop-calls=tests",
        test_it="""
        import asyncio, time, pytest

        @pytest.mark.redloop(schedules=20)
        async def test_it():
            async def task():
                time.sleep(0.001)
                await asyncio.sleep(0)
            asyncio.create_task(asyncio.sleep(3600), name="left")
            await asyncio.gather(task(), task())
        """,
    )
    test = tests["test_it"]
    assert [call["call"] for call in test["blocking_calls"]] == ["time.sleep"] * 2
    assert [leak["name"] for leak in test["leaks"]] == ["task left (sleep())"]
    assert test["exploration"]["schedules"] == 20


def test_state_that_outlives_a_schedule_is_said(example):
    result = example.run(
        test_it="""
        import asyncio, pytest
        seen = []

        @pytest.mark.redloop(schedules=20)
        async def test_it():
            seen.append(1)
            assert len(seen) < 2
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the same schedule was run twice, and did not do the same: it passed after 1 steps*"])


@pytest.mark.parametrize(
    ("marker", "body", "said"),
    [
        ("schedules=0", "async def test_it(): pass", "*schedules=…): 0 is no number of schedules from 1"),
        ("schedules='many'", "async def test_it(): pass", "*'many' is no number of schedules from 1"),
        ("lateness=1", "async def test_it(): pass", "*(lateness=…) says how schedules= explores: add schedules=N"),
        ("margin=-1", "async def test_it(): pass", "*-1 is no number of seconds above 0, such as 0.05"),
        ("schedule=5", "async def test_it(): pass", "*no keyword 'schedule'; did you mean 'schedules'?*"),
        ("schedules=5, clock='real'", "async def test_it(): pass", "*run on virtual time; leave clock='real' out"),
        ("schedules=5", "def test_it(): pass", "*need an `async def` test: its tasks are what is reordered"),
        ("schedules=5", "async def test_it(own): pass", "*the fixture own is made once*build it inside the test*"),
        ("schedules=5", "async def test_it(later): pass", "*the fixture later is made once*build it inside the test*"),
        ("margin=0.1", "@given(st.just(1))\nasync def test_it(x): pass", "*draw redloop.schedules() in @given instead"),
        ("schedules=5", "@pytest.mark.anyio\nasync def test_it(): pass", "*cannot reach anyio's runner*"),
    ],
)
def test_mistakes(example, marker, body, said):
    if "anyio" in body:
        example.ini("asyncio_mode = strict")
    fixtures = (
        "import pytest\nfrom hypothesis import given, strategies as st\n"
        "@pytest.fixture\ndef own(): return []\n"
        "@pytest.fixture\nasync def later(): return []\n"
    )
    result = example.run(test_it=f"{fixtures}\n@pytest.mark.redloop({marker})\n{body}\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])


def test_one_that_unittest_runs_is_a_mistake(example):
    result = example.run(
        test_it="""
            import unittest
            import pytest

            class TestIt(unittest.IsolatedAsyncioTestCase):
                @pytest.mark.redloop(schedules=20)
                async def test_it(self):
                    pass
        """
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *test_it: schedules= and margin= need a test that pytest-asyncio runs*"])


def test_setup_method_is_a_fixture_too(example):
    result = example.run(
        test_it="""
        import pytest

        class TestIt:
            def setup_method(self): ...

            @pytest.mark.redloop(schedules=5)
            async def test_it(self): ...
        """
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*setup_method*build it inside the test*"])


def test_a_suites_own_loop_is_a_mistake(example):
    result = example.run(
        conftest="""
        import uvloop

        def pytest_asyncio_loop_factories(config, item):
            return {"uvloop": uvloop.new_event_loop}
        """,
        test_it="""
        import pytest

        @pytest.mark.redloop(schedules=5)
        async def test_it(): ...
        """,
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pytest_asyncio_loop_factories in *choose its event loop; keep one"])


def test_tokens_that_cannot_be(example):
    example.ini(*MODULE_LOOP)
    result = example.run("--redloop-replay=nonsense", test_it=SUITE)
    result.stderr.fnmatch_lines(["ERROR: --redloop-replay: 'nonsense' is no token of a schedule; one looks like *"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result = example.run("--redloop-replay=3.13-00000000-0-0")
    result.stderr.fnmatch_lines(["ERROR: --redloop-replay: the token belongs to none of the * name the one test*"])
    result = example.run("--redloop-replay=3.13-00000000-0-0", "-k", "another")
    result.stderr.fnmatch_lines(["ERROR: --redloop-replay: none of the tests selected has *"])


def test_a_schedule_that_hangs_leaves_nothing_to_the_tests_after_it(example):
    scopes = [f"asyncio_default_{what}_loop_scope = module" for what in ("test", "fixture")]
    example.ini("asyncio_mode = auto", *scopes, "redloop_clock = virtual", "timeout = 4")
    result = example.run(
        test_it="""
            import asyncio, threading
            import pytest

            @pytest.mark.redloop(schedules=50)
            async def test_two_and_a_thread_lock():
                lock = threading.Lock()

                async def enter():
                    with lock:
                        await asyncio.sleep(1)

                await asyncio.gather(enter(), enter())

            async def test_after_it():
                async with asyncio.TaskGroup() as group:
                    group.create_task(asyncio.sleep(1))
        """
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["the event loop has not run for * s: it is held by", "  test_it.py:9 in enter: with lock:"]
    )


def test_a_wider_fixture_and_its_generators_stand_still_meanwhile(example):
    scopes = [f"asyncio_default_{what}_loop_scope = module" for what in ("test", "fixture")]
    example.ini("asyncio_mode = auto", *scopes)
    result = example.run(
        test_it="""
            import asyncio
            import pytest

            async def connection(closed):
                try:
                    yield
                finally:
                    closed.append("connection")

            @pytest.fixture(scope="module")
            async def closed():
                closed = []
                kept = connection(closed)
                await anext(kept)
                yield closed
                closed.append("fixture")
                await kept.aclose()
                assert closed == ["fixture", "connection"]

            @pytest.mark.redloop(schedules=20)
            async def test_in_many_schedules(closed):
                own = connection([])
                await anext(own)
                assert closed == []

            @pytest.mark.redloop(clock="virtual")
            async def test_after_them(closed):
                assert closed == []
        """
    )
    result.assert_outcomes(passed=2)


def test_a_lateness_or_margin_of_nothing_is_none(example):
    """As one test of a module that has one says it."""
    result = example.run(
        test_it="""
            import asyncio
            import pytest

            pytestmark = pytest.mark.redloop(schedules=20, lateness=0.5, margin=0.1)

            @pytest.mark.redloop(lateness=0, margin=0.0)
            async def test_it():
                done = []

                async def late():
                    await asyncio.sleep(1)
                    done.append("late")

                task = asyncio.create_task(late())
                await asyncio.sleep(1.1)
                assert done
                await task
        """
    )
    result.assert_outcomes(passed=1)


def test_the_body_has_the_random_numbers_of_its_schedules(example):
    """It runs once more after them, and may not come to something else; the suite's own numbers go on as ever."""
    result = example.run(
        test_it="""
            import asyncio
            import random
            import pytest

            seen = []

            @pytest.fixture(autouse=True, scope="module")
            def seeded():
                random.seed(7)

            @pytest.mark.redloop(schedules=20)
            async def test_it():
                await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))
                seen.append(random.random())

            def test_after_it():
                assert len(seen) > 2
                assert len(set(seen)) == 1
                assert random.random() == random.Random(7).random()
        """
    )
    result.assert_outcomes(passed=2)
