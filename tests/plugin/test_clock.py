"""The virtual clock in pytest: exact numbers, and the two traps of pytest-asyncio's hook."""

import re

import pytest

THREE_FETCHES = """
    import asyncio, time, pytest

    pytestmark = pytest.mark.redloop(clock="virtual", blocking="warn")

    async def fetch():
        await asyncio.sleep(2)

    async def test_one_by_one(stopwatch):
        with stopwatch() as run:
            for _ in range(3):
                await fetch()
        assert run.elapsed == 6.0
        assert run.clock == "virtual"
        assert run.blocked == 0

    async def test_together(stopwatch):
        with stopwatch() as run:
            await asyncio.gather(fetch(), fetch(), fetch())
        assert run.elapsed == 2.0

    async def test_tenths_add_up(stopwatch):
        with stopwatch() as run:
            for _ in range(3):
                await asyncio.sleep(0.1)
        assert run.elapsed == 0.3

    async def test_time_sleep_moves_the_clock_and_is_flagged(stopwatch):
        async def rude():
            time.sleep(2)
        with stopwatch() as run:
            await asyncio.gather(rude(), rude(), rude())
        assert run.elapsed == 6.0
        assert run.blocked == 6.0
        assert [call.call for call in run.blocking_calls] == ["time.sleep"] * 3
"""


def test_the_numbers_of_every_tutorial(example):
    example.run("--redloop-calls=tests", test_it=THREE_FETCHES).assert_outcomes(passed=4)


def test_a_stall_of_the_step_in_which_the_block_ends_is_in_its_reading(example):
    """The step goes on after the `with` block; what it has held by then belongs to the block."""
    example.run(
        "--redloop-threshold=0.03",
        test_it="""
        import time

        def digest():
            end = time.thread_time() + 0.3
            while time.thread_time() < end:
                sum(range(500))

        async def test_it(stopwatch):
            with stopwatch() as before:
                pass
            with stopwatch() as run:
                digest()
            assert before.blocked == 0
            assert [call.function for call in run.blocking_calls] == ["digest"]
            assert run.blocked > 0.1
        """,
    ).assert_outcomes(passed=1)


def test_waits_cost_no_real_time(example):
    """An hour of waiting, under a time-out that allows no minute of it."""
    example.run(
        "--timeout=60",
        test_it="""
        import asyncio, pytest

        @pytest.mark.redloop(clock="virtual")
        async def test_an_hour(stopwatch):
            with stopwatch() as run:
                await asyncio.sleep(3600)
            assert run.elapsed == 3600.0
        """,
    ).assert_outcomes(passed=1)


MIXED = """
    import redloop
    import asyncio, pytest, pytest_asyncio

    @pytest_asyncio.fixture(loop_scope="module", scope="module")
    async def loop_of_fixture():
        yield asyncio.get_running_loop()

    @pytest.mark.asyncio(loop_scope="module")
    @pytest.mark.redloop(clock="virtual")
    async def test_virtual(loop_of_fixture):
        assert isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)
        assert loop_of_fixture is asyncio.get_running_loop()

    @pytest.mark.asyncio(loop_scope="module")
    async def test_real(loop_of_fixture):
        assert not isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)
        assert loop_of_fixture is asyncio.get_running_loop()

    @pytest.mark.asyncio(loop_scope="module")
    @pytest.mark.redloop(clock="virtual")
    async def test_virtual_again(loop_of_fixture):
        assert loop_of_fixture is asyncio.get_running_loop()
"""


def test_a_module_with_both_clocks_gives_each_fixture_the_loop_of_its_test(example):
    example.run(test_it=MIXED).assert_outcomes(passed=3)


def test_tests_that_did_not_ask_never_see_the_hook(example):
    """An implementation that returns None would make every async test a usage error."""
    result = example.run(
        test_it="""
        import redloop
        import asyncio, pytest

        async def test_real():
            assert not isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)

        @pytest.mark.redloop(clock="virtual")
        async def test_virtual():
            assert isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)

        def test_sync():
            pass
        """
    )
    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*virtual]*")


def test_ids_stay_as_they_are(example):
    result = example.run(
        "--collect-only",
        "-q",
        test_it="""
        import pytest

        @pytest.mark.redloop(clock="virtual")
        @pytest.mark.parametrize("n", [1, 2])
        async def test_it(n):
            pass
        """,
    )
    result.stdout.fnmatch_lines(["test_it.py::test_it?1?", "test_it.py::test_it?2?"])


def test_asyncio_run_in_a_sync_test_is_virtual_too_and_only_there(example):
    example.run(
        test_it="""
        import redloop
        import asyncio, unittest, pytest

        original = asyncio.Runner.__init__

        async def an_hour():
            await asyncio.sleep(3600)
            return isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)

        @pytest.mark.redloop(clock="virtual")
        def test_run():
            assert asyncio.run(an_hour())

        @pytest.mark.redloop(clock="virtual")
        class TestCase(unittest.IsolatedAsyncioTestCase):
            async def test_case(self):
                self.assertTrue(await an_hour())

        def test_put_back():
            assert asyncio.Runner.__init__ is original
        """
    ).assert_outcomes(passed=3)


STUCK = """
    import asyncio, pytest

    pytestmark = pytest.mark.redloop(clock="virtual")

    async def forget():
        await asyncio.Event().wait()

    def helper(main):
        asyncio.run(main())

    def test_run():
        helper(forget)

    def test_polls():
        async def poll():
            while asyncio.get_running_loop().time() < 5:
                await asyncio.sleep(0)
        helper(poll)

    @pytest.fixture
    def fixture():
        helper(forget)

    def test_fixture(fixture):
        pass
"""


@pytest.mark.parametrize("style", ["auto", "short", "native"])
def test_a_stuck_asyncio_run_shows_no_frame_but_the_suites_own(example, style):
    result = example.run(f"--tb={style}", test_it=STUCK)
    result.assert_outcomes(failed=2, errors=1)
    text = result.stdout.str()
    assert not [name for name in ("runners.py", "base_events.py", "_run_once", "--full-trace") if name in text]
    if style != "native":
        shown = re.findall(r"^test_it\.py:(\d+): ", text, re.MULTILINE)
        assert shown == ["22", "9", "12", "9", "18", "9"], "of the fixture, then of the two tests"
    result.stdout.fnmatch_lines(["*DeadlockError: deadlock: every task waits*", "*test_it.py:6 in forget: await *"])


STUCK_BY_ITSELF = """
    import asyncio, pytest
    pytestmark = pytest.mark.redloop(clock="virtual")

    @pytest.fixture
    async def ready():
        await asyncio.Event().wait()

    async def test_with_a_fixture(ready):
        pass

    async def test_by_itself():
        await asyncio.Event().wait()
"""
NOBODY = "nothing is left that could wake one: no timer, no I/O, no thread, no process."
DEADLOCK = f"redloop.diagnosis.DeadlockError: deadlock: every task waits, and {NOBODY}"


@pytest.mark.parametrize("style", ["auto", "long", "short"])
def test_a_stuck_test_is_told_by_its_text_alone(example, style):
    result = example.run(f"--tb={style}", "--redloop-timeline=never", test_it=STUCK_BY_ITSELF)
    result.assert_outcomes(failed=1, errors=1)

    def text(place):
        return [
            f"E   {DEADLOCK}",
            "      Task-* waits for an Event that nobody has set",
            f"          test_it.py:{place}: await asyncio.Event().wait()",
            "        Nobody is left that calls its set(): who should has ended, was never started, or waits too.",
        ]

    expected = [*text("6 in ready"), *text("12 in test_by_itself")]
    result.stdout.fnmatch_lines(expected)
    sections = result.stdout.str().partition("= ERRORS =")[2].partition("= short test summary info =")[0]
    shown = [line for line in sections.splitlines() if line and not line.startswith(("=", "_"))]
    assert len(shown) == len(expected), "no frame of pytest's, of asyncio's or of ours"


def test_in_one_line_a_stuck_test_stands_at_the_test(example):
    result = example.run("--tb=line", test_it=STUCK_BY_ITSELF)
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines([f"{example.pytester.path}/test_it.py:11: {DEADLOCK}"])
    result.stdout.no_fnmatch_line("*site-packages*: *Deadlock*")


def test_hypothesis_beside_the_stopwatch(example):
    example.run(
        test_it="""
        import asyncio, pytest
        from hypothesis import given, settings, strategies as st

        @pytest.mark.redloop(clock="virtual")
        @settings(deadline=None)  # a busy machine is none of its business
        @given(st.integers(1, 50))
        async def test_it(stopwatch, seconds):
            with stopwatch() as run:
                await asyncio.sleep(seconds)
            assert run.elapsed == seconds
        """,
    ).assert_outcomes(passed=1)


def test_the_option_serves_whom_it_can(example):
    """The ini key and the option are wishes: a suite of its own hook keeps its loops."""
    example.run(
        "--redloop-clock=virtual",
        conftest="""
        import asyncio

        def pytest_asyncio_loop_factories(config, item):
            return {"own": asyncio.SelectorEventLoop}
        """,
        test_it="""
        import redloop
        import asyncio

        async def test_it():
            assert not isinstance(asyncio.get_running_loop(), redloop.VirtualLoop)
        """,
    ).assert_outcomes(passed=1)


def test_the_marker_beside_a_suites_own_hook_is_a_usage_error_that_names_both(example):
    result = example.run(
        conftest="""
        import asyncio

        def pytest_asyncio_loop_factories(config, item):
            return {"own": asyncio.SelectorEventLoop}
        """,
        test_it="""
        import pytest

        @pytest.mark.redloop(clock="virtual")
        async def test_it():
            pass
        """,
    )
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: test_it.py::test_it: both clock='virtual' and *conftest.py*keep one"])


def test_the_marker_on_an_anyio_test_is_a_usage_error(example):
    example.ini("asyncio_mode = strict")
    result = example.run(
        test_it="""
        import pytest

        @pytest.mark.anyio
        @pytest.mark.redloop(clock="virtual")
        async def test_it():
            pass
        """
    )
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: test_it.py::test_it*anyio's runner*"])


LOOPS_OF_ITS_OWN = {
    "by hand": "asyncio.new_event_loop().run_until_complete(asyncio.sleep(0))",
    "another factory": """
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(asyncio.sleep(0))""",
    "uvloop": "pytest.importorskip('uvloop').run(asyncio.sleep(0))",
}


@pytest.mark.parametrize("made", LOOPS_OF_ITS_OWN.values(), ids=LOOPS_OF_ITS_OWN)
def test_the_marker_on_a_test_that_makes_another_loop_fails_it_with_what_to_do(example, made):
    if "uvloop" in made:
        pytest.importorskip("uvloop")
    source = f"""
        import asyncio, pytest

        @pytest.mark.redloop(clock="virtual")
        def test_asked():
            {made}

        @pytest.mark.redloop(clock="virtual")
        def test_asked_and_fails():
            {made}
            assert 0, "for a reason of its own"

        def test_did_not_ask():
            {made}
    """
    result = example.run("--redloop-clock=virtual", test_it=source)
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            "clock='virtual' cannot reach the loop that this test made itself (*Loop): run it with asyncio.run*",
            "E * for a reason of its own",
            "*clock='virtual' cannot reach *",
        ]
    )


def test_a_loop_on_the_real_clock_in_another_thread_is_a_peer_like_any_other(example):
    example.run(
        test_it="""
        import asyncio, pytest

        def serve():
            loop = asyncio.new_event_loop()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

        @pytest.mark.redloop(clock="virtual")
        def test_it():
            asyncio.run(asyncio.to_thread(serve))
        """
    ).assert_outcomes(passed=1)


def test_a_closed_loop_is_let_go_of(example):
    example.run(
        "--redloop-clock=virtual",
        "--redloop-timeline=all",
        test_it="""
        import asyncio, gc, weakref

        loops = []

        async def nap():
            await asyncio.sleep(1)

        async def test_first():
            loops.append(weakref.ref(asyncio.get_running_loop()))
            await asyncio.gather(nap(), asyncio.sleep(2), asyncio.to_thread(sum, [1]))

        def test_second():
            gc.collect()
            assert loops[0]() is None
        """,
    ).assert_outcomes(passed=2)


def test_the_stopwatch_outside_a_running_loop_says_so(example):
    result = example.run(
        test_it="""
        def test_it(stopwatch):
            with stopwatch():
                pass
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*RuntimeError: stopwatch() reads the event loop's clock, and no event loop is running*"]
    )


def test_a_child_that_a_fixture_has_started_is_waited_for_if_the_fixture_is_the_tests_own(example):
    """One of a wider scope goes on for the whole session, idle. Each look is far from the next on the loop's clock."""
    result = example.run(
        "--timeout=60",
        test_it="""
        import asyncio, subprocess, sys, pytest

        pytestmark = pytest.mark.redloop(clock="virtual")

        @pytest.fixture
        def child():
            with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.1)"]) as process:
                yield process

        @pytest.fixture(scope="session")
        def server():
            with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
                yield process
                process.kill()

        @pytest.mark.parametrize("time", [1, 2])
        async def test_it(server, child, time):
            async with asyncio.timeout(10_000):
                while child.poll() is None:
                    await asyncio.sleep(1000)
            await asyncio.sleep(10_000)
        """,
    )
    result.assert_outcomes(passed=2)
