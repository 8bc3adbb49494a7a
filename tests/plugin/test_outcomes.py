"""What `off`, `warn` and `error` do to a test's outcome, and what they leave alone."""

import json
import re

import pytest

SLEEPER = """
    import time, pytest

    async def test_blocks():
        time.sleep(0.06)

    async def test_clean():
        pass
"""
STRICT = ["--redloop-blocking=error", "--redloop-calls=tests"]


def test_warn_adds_a_section_and_nothing_else(example):
    result = example.run("--redloop-calls=tests", "-W", "error", test_it=SLEEPER)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= redloop: calls that blocked the event loop =*",
            "test_it.py:4 in test_blocks: time.sleep (once, * ms; 1 test)",
            "    instead: *await asyncio.sleep(*",
        ]
    )


def test_off_says_nothing(example):
    result = example.run("--redloop-blocking=off", test_it=SLEEPER)
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*redloop:*")


def test_error_fails_the_passed_test_with_the_line_and_the_cure(example):
    result = example.run(*STRICT, test_it=SLEEPER)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ test_blocks _*",
            "*time.sleep blocked the event loop for * ms at test_it.py:4 in test_blocks",
            "*instead: *await asyncio.sleep(*",
            "FAILED test_it.py::test_blocks - *time.sleep blocked the event loop*",
        ]
    )


@pytest.mark.parametrize("xdist", [[], ["-n1"]])
def test_a_failure_in_one_line_stands_at_the_line_to_change(example, xdist):
    path = example.pytester.path
    result = example.run(
        "--redloop-blocking=error",
        "--redloop-leaks=error",
        "--tb=line",
        *xdist,
        shop="import time\n\ndef nap(): time.sleep(0.01)\n",
        test_it="""
        import asyncio, pytest
        from shop import nap

        async def test_blocks():
            nap()

        async def test_leaves():
            asyncio.create_task(asyncio.sleep(9))

        @pytest.mark.timeout(0.2)
        async def test_never_ends():
            await asyncio.Event().wait()
        """,
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines_random(
        [
            f"{path}/shop.py:3: Failed: time.sleep blocked the event loop *",
            f"{path}/test_it.py:8: Failed: the test is over and task sleep() is still running; *",
            f"{path}/test_it.py:1[01]: Failed: *",
        ]
    )
    result.stdout.no_fnmatch_line("*outcome.py:*")


def test_the_swallowed_and_the_already_decided(example):
    result = example.run(
        *STRICT,
        test_it="""
        import asyncio, time, pytest

        async def test_swallows_everything():
            try:
                time.sleep(0.06)
            except BaseException:
                pass

        async def test_in_a_background_task():
            async def rude():
                time.sleep(0.06)
            task = asyncio.create_task(rude())
            await asyncio.wait([task])

        async def test_fails_on_its_own():
            time.sleep(0.06)
            assert False, "my own reason"

        async def test_skips():
            time.sleep(0.06)
            pytest.skip("later")

        @pytest.mark.xfail(reason="known")
        async def test_expected_to_fail():
            time.sleep(0.06)
            assert False

        @pytest.mark.xfail(reason="strict", strict=True)
        async def test_strict_and_passing():
            time.sleep(0.06)

        @pytest.mark.xfail(reason="lenient")
        async def test_lenient_and_passing():
            time.sleep(0.06)
        """,
    )
    # test_lenient_and_passing passed, so it becomes a failure; the strict one was one already.
    result.assert_outcomes(failed=5, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["FAILED *::test_fails_on_its_own - AssertionError: my own reason*"])


def test_stops_at_the_first_with_x(example):
    result = example.run(*STRICT, "-x", test_it=SLEEPER)
    result.assert_outcomes(failed=1)


def test_the_marker_is_closer_than_the_option(example):
    example.run(
        *STRICT,
        test_it="""
        import time, pytest

        @pytest.mark.redloop(blocking="warn")
        async def test_warns():
            time.sleep(0.06)

        @pytest.mark.redloop(blocking="off")
        class TestOff:
            async def test_off(self):
                time.sleep(0.06)

            @pytest.mark.redloop(blocking="error")
            async def test_on_again(self):
                time.sleep(0.06)

        @pytest.mark.redloop(allow=["time.sleep"])
        async def test_allowed():
            time.sleep(0.001)
        """,
    ).assert_outcomes(passed=3, failed=1)


def test_what_the_ini_file_and_the_markers_allow_is_added_up(example):
    example.ini("asyncio_mode = auto", "redloop_allow =", "    test_it:time.sleep", "    os.listdir")
    result = example.run(
        *STRICT,
        test_it="""
        import os, time, pytest

        def busy():
            time.sleep(0.06), os.listdir(), os.stat(".")

        @pytest.mark.redloop(allow=["os.stat"])
        class TestAllowed:
            async def test_by_its_class(self):
                busy()

            @pytest.mark.redloop(allow=["open"])
            async def test_by_its_class_and_its_own(self):
                open(__file__).close(), busy()

        async def test_by_the_ini_file():
            busy()
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*_ test_by_the_ini_file _*", "os.stat blocked the event loop *"])


def test_in_a_fixture_it_is_an_error_of_that_phase(example):
    example.run(
        *STRICT,
        test_it="""
        import time, pytest_asyncio

        @pytest_asyncio.fixture
        async def slow_set_up():
            time.sleep(0.06)

        @pytest_asyncio.fixture
        async def slow_tear_down():
            yield
            time.sleep(0.06)

        async def test_one(slow_set_up):
            pass

        async def test_two(slow_tear_down):
            pass
        """,
    ).assert_outcomes(passed=1, errors=2)


def test_a_blocking_call_fails_the_test_in_which_its_task_was_made(example):
    scopes = [f"asyncio_default_{what}_loop_scope = session" for what in ("test", "fixture")]
    example.ini("asyncio_mode = auto", *scopes)
    result = example.run(
        *STRICT,
        test_it="""
            import asyncio, time
            import pytest

            @pytest.fixture(scope="session")
            async def postman():
                letters = asyncio.Queue()

                async def deliver():
                    while True:
                        (await letters.get()).set()
                        time.sleep(0.001)

                task = asyncio.create_task(deliver())
                yield letters
                task.cancel()

            @pytest.mark.parametrize("number", range(3))
            async def test_post(postman, number):
                done = asyncio.Event()
                await postman.put(done)
                await done.wait()
                await asyncio.sleep(0.01)
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_it.py:11 in postman.<locals>.deliver: time.sleep (3 times, *; 3 tests)",
            "FAILED test_it.py::test_post[[]0[]] - *",
        ]
    )


def test_junit_counts_it_as_a_failure(example):
    example.run(*STRICT, "--junitxml=junit.xml", test_it=SLEEPER)
    xml = (example.pytester.path / "junit.xml").read_text()
    assert 'failures="1"' in xml
    assert "time.sleep blocked the event loop" in xml


def test_under_xdist_the_same_outcomes_summary_and_report(example):
    tests = example.measure(*STRICT, "-n2", test_it=SLEEPER)
    assert tests["test_blocks"]["outcome"] == "failed"
    assert tests["test_clean"]["outcome"] == "passed"
    [call] = tests["test_blocks"]["blocking_calls"]
    assert (call["call"], call["lineno"], call["function"]) == ("time.sleep", 4, "test_blocks")
    result = example.run("--redloop-calls=tests", "-n2", test_it=SLEEPER)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["test_it.py:4 in test_blocks: time.sleep (once, *"])


@pytest.mark.parametrize("where", ["option", "ini", "marker"])
def test_a_stall_is_found_whatever_caused_it(example, where):
    """No catalogue knows this loop; it burns CPU for much longer than the threshold."""
    ini = ["asyncio_mode = auto"] + (["redloop_blocking = error", "redloop_threshold = 0.03"] if where == "ini" else [])
    example.ini(*ini)
    marker = "@pytest.mark.redloop(blocking='error', threshold=0.03)" if where == "marker" else ""
    options = ["--redloop-blocking=error", "--redloop-threshold=0.03"] if where == "option" else []
    result = example.run(
        *options,
        test_it=f"""
        import time, pytest

        def digest():
            end = time.thread_time() + 0.3  # CPU seconds of this thread, however busy the machine is
            while time.thread_time() < end:
                sum(range(500))

        {marker}
        async def test_counts():
            digest()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the event loop was held for 0.* s without a break at test_it.py:* in digest"])


@pytest.mark.parametrize(("mode", "command"), [("warn", "warning"), ("error", "error")])
def test_on_github_a_line_of_code_gets_a_remark(example, monkeypatch, mode, command):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(example.pytester.path.parent))
    options = ["--redloop-calls=tests", f"--redloop-blocking={mode}"]
    result = example.run(*options, "-n2", test_it=SLEEPER)
    folder = example.pytester.path.name
    result.stdout.fnmatch_lines(
        [f"::{command} file={folder}/test_it.py,line=4,title=*::test_blocks: time.sleep (once, *"]
    )
    assert result.stdout.str().count("\n::") == 1
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    example.run(*options, test_it=SLEEPER).stdout.no_fnmatch_line("::*")


@pytest.mark.parametrize("xdist", [[], ["-n1"]])
def test_what_goes_wrong_in_our_own_thread_fails_nothing_and_is_said_once(example, xdist):
    result = example.run(
        *("-Werror", *xdist),
        conftest="""
        from redloop.blocking.stalls import watching

        def trace(*_, **__):
            raise ValueError("no such frame")

        watching.trace = trace
        """,
        test_it="""
        import asyncio, time

        async def hold():
            for _ in range(3):
                await asyncio.sleep(0)
                end = time.thread_time() + 0.1
                while time.thread_time() < end:
                    sum(range(500))

        async def test_one():
            await hold()

        async def test_two():
            await hold()
        """,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= redloop: faults of its own =*",
            "ValueError: no such frame at *conftest.py:4: an event loop was not looked *",
        ]
    )
    assert str(result.stdout).count("no such frame") == 1
    assert not str(result.stderr).strip()


def test_a_line_that_makes_many_calls_is_counted(example):
    result = example.run(
        *STRICT,
        *("--redloop-json=report.json", "--redloop-threshold=60"),
        test_it="""
        import os

        async def test_many(stopwatch):
            with stopwatch() as few:
                for _ in range(100):
                    os.stat(".")
            with stopwatch() as many:
                for _ in range(3000):
                    os.listdir(".")
            assert [call.count for call in few.blocking_calls] == [1] * 100
            assert len(many.blocking_calls) == 101
            assert sum(call.count for call in many.blocking_calls) == 3000
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["os.listdir blocked *(3000 times, * in all; this was the worst)"])
    result.stdout.fnmatch_lines(["test_it.py:9 in test_many: os.listdir (3000 times, * in all, worst *; 1 test)"])
    [test] = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    assert len(test["blocking_calls"]) == 201
    assert test["blocked"] == pytest.approx(sum(call["seconds"] for call in test["blocking_calls"]))


@pytest.mark.parametrize("xdist", [[], ["-n1"]])
def test_a_step_that_nobody_can_be_sure_of_is_told_apart_and_fails_nothing(example, xdist):
    files = {
        "conftest": """
            from redloop.blocking.stalls import watching as stalls
            from redloop.blocking.stalls.measuring import Measure

            stalls.measure = lambda *_: Measure(0.005, 0.02, 0.098)  # what a busy machine leaves to know
        """,
        "test_it": """
            import time

            def digest():
                end = time.thread_time() + 0.3
                while time.thread_time() < end:
                    sum(range(500))

            async def test_counts(stopwatch):
                with stopwatch() as run:
                    digest()
                assert not run.blocking_calls
                assert run.blocked == 0
        """,
    }
    result = example.run(*STRICT, *xdist, "--redloop-json=report.json", **files)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*= redloop: unsure, since the machine was busy =*",
            "test_it.py:* in digest: held the event loop for between * ms and 9? ms (*; 1 test)",
        ]
    )
    result.stdout.no_fnmatch_line("*calls that blocked the event loop*")
    [test] = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    assert (test["blocking_calls"], test["blocked"]) == ([], 0.0)
    [digest, *_] = [step for step in test["unsure"] if step["function"] == "digest"]
    assert 0 <= digest["least"] <= 0.005  # less what redloop itself did in that step
    assert 0.09 < digest["most"] <= 0.098


@pytest.mark.parametrize("options", [[], ["--collect-only"]])
def test_a_run_without_tests_loads_no_detector(example, options):
    result = example.run(
        *options,
        conftest="""
        def pytest_unconfigure():
            import sys
            print("loaded:", [name for name in sys.modules if name.startswith("redloop.blocking")])
        """,
    )
    result.stdout.fnmatch_lines(["loaded: []"])


def test_a_test_in_which_the_worker_died_has_not_passed(example):
    report = example.measure(
        "-n1",
        "-p",
        "xdist",
        test_it="""
            import os

            def test_dies():
                os._exit(3)

            def test_lives():
                pass
        """,
    )
    assert {name: test["outcome"] for name, test in report.items()} == {"test_dies": "failed", "test_lives": "passed"}


def test_a_test_of_which_a_part_failed_has_not_passed(example):
    report = example.measure(
        test_it="""
            import unittest

            class Test(unittest.IsolatedAsyncioTestCase):
                async def test_parts(self):
                    for number in range(3):
                        with self.subTest(number=number):
                            self.assertNotEqual(number, 1)
        """,
    )
    found = report["Test::test_parts"]
    assert (found["outcome"], found["failure"]) == ("failed", "AssertionError: 1 == 1")


def test_without_a_terminal_nothing_is_drawn(example):
    options = ("-pno:terminal", "--redloop-timeline=all", "--redloop-json=report.json", "--redloop-clock=virtual")
    result = example.run(
        *options,
        test_it="""
            import asyncio

            async def test_fails():
                await asyncio.sleep(1)
                assert False

            async def test_passes():
                await asyncio.sleep(1)
        """,
    )
    assert (result.ret, result.stdout.str(), result.stderr.str()) == (pytest.ExitCode.TESTS_FAILED, "", "")
    tests = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    assert {test["nodeid"]: test["outcome"] for test in tests} == {
        "test_it.py::test_fails": "failed",
        "test_it.py::test_passes": "passed",
    }


@pytest.mark.parametrize("xdist", [[], ["-n", "2"]])
def test_the_reports_say_why_a_test_failed(example, xdist):
    found = example.measure(
        *xdist,
        test_it="""
            import asyncio
            import pytest

            @pytest.fixture
            def broken():
                yield
                raise RuntimeError("no way out")

            def test_asserts(broken):
                total = 3
                assert total == 4, "four of them"

            @pytest.mark.redloop(clock="virtual")
            async def test_waits_for_ever():
                await asyncio.Event().wait()

            def test_says_much():
                pytest.fail("\\n".join(map(str, range(1000))), pytrace=False)

            def test_passes():
                pass

            @pytest.mark.redloop(blocking="error", calls="tests")
            async def test_blocks():
                open(__file__).close()

            @pytest.mark.xfail
            def test_may_fail():
                assert not 1
        """,
    )
    why = {name: test["failure"] for name, test in found.items()}
    assert why["test_asserts"].splitlines() == [
        "AssertionError: four of them",
        "assert 3 == 4",
        "RuntimeError: no way out",
    ]
    assert why["test_waits_for_ever"].startswith("redloop.diagnosis.DeadlockError: deadlock: every task waits")
    assert "test_it.py:15 in test_waits_for_ever" in why["test_waits_for_ever"]
    assert why["test_says_much"].splitlines()[-2:] == ["18", "19…"]
    assert why["test_passes"] is why["test_may_fail"] is why["test_blocks"] is None
    assert found["test_blocks"]["blocking_calls"], "which says why"


FORKING = """
    import asyncio, concurrent.futures, multiprocessing, os, warnings

    def fork():
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)

    async def test_asks_for_warnings():
        await asyncio.sleep(0.03)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fork()
        assert not caught

    def test_without_a_loop(recwarn):
        fork()
        assert not list(recwarn)

    async def test_multiprocessing(recwarn):
        await asyncio.sleep(0.03)
        process = multiprocessing.get_context("fork").Process(target=print)
        process.start()
        process.join()
        assert process.exitcode == 0
        assert not list(recwarn)

    async def test_pool(recwarn):
        context = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
            assert await asyncio.get_running_loop().run_in_executor(pool, abs, -3) == 3
        assert not list(recwarn)
"""


def test_a_fork_is_warned_of_no_thread_of_ours(example):
    """From CPython 3.12 on."""
    result = example.run("-W", "error", "-p", "no:faulthandler", test_it=FORKING)
    result.assert_outcomes(passed=4)


def test_a_fork_beside_threads_is_warned_of_where_it_is(example):
    result = example.run(
        "-W",
        "error",
        test_it="""
        import os, sys, threading, warnings

        async def test_forks():
            over = threading.Event()
            threading.Thread(target=over.wait, daemon=True).start()
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("ignore")
                warnings.filterwarnings("always", module="test_it")
                child = os.fork()
                if not child:
                    os._exit(0)
                os.waitpid(child, 0)
            over.set()
            assert [one.filename for one in caught] == [__file__] * (sys.version_info >= (3, 12))
        """,
    )
    result.assert_outcomes(passed=1)


def test_an_error_of_pytests_own_is_shown_as_without_us(example):
    """pytest shows its own frames where there are no others, which ours would be, and hidden: then it shows none."""
    example.ini("asyncio_default_fixture_loop_scope = function", "filterwarnings = error")
    told = []
    for options in (["-p", "no:redloop"], []):
        result = example.run(
            *options,
            test_it="""
            class Failing:
                def __del__(self):
                    raise ValueError("as it goes")

            def test_it():
                Failing()
            """,
        )
        result.assert_outcomes(failed=1)
        text = result.stdout.str().partition("= FAILURES =")[2]
        told.append(re.sub(r"0x[0-9a-f]+|in [0-9.]+s", "", text))
    assert "raise errors[0]" in told[0]
    assert told[1] == told[0]
