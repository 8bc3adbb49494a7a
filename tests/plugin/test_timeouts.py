"""A blocked loop that never returns ends in seconds, as a failure with the line. pytest-timeout alone ends none."""

import pytest

FOREVER = {
    "in a background task": """
        async def test_it():
            async def holder():
                while True:
                    pass  # HERE
            task = asyncio.create_task(holder())
            await asyncio.wait([task])
    """,
    "in a task that nobody awaits": """
        async def test_it():
            async def holder():
                while True:
                    pass  # HERE
            task = asyncio.create_task(holder())
            await asyncio.sleep(0.01)
    """,
    "in a callback": """
        def spin():
            while True:
                pass  # HERE

        async def test_it():
            asyncio.get_running_loop().call_soon(spin)
            await asyncio.sleep(0.01)
    """,
    "on a thread lock": """
        async def test_it():
            lock = threading.Lock()
            async def guarded():
                with lock:  # HERE
                    await asyncio.sleep(0.01)
            await asyncio.gather(guarded(), guarded())
    """,
    "swallowed": """
        async def test_it():
            async def stubborn():
                try:
                    while True:
                        pass  # HERE
                except BaseException:
                    pass
            task = asyncio.create_task(stubborn())
            await task
    """,
}


@pytest.mark.parametrize("clock", ["real", "virtual"])
@pytest.mark.parametrize("source", FOREVER.values(), ids=FOREVER)
def test_ends_as_a_failure_with_the_line(example, source, clock):
    source = "    import asyncio, threading\n" + source.replace("\n    ", "\n")
    lineno = 1 + source[: source.index("# HERE")].count("\n")
    result = example.run("--timeout=1", f"--redloop-clock={clock}", test_it=source)
    result.assert_outcomes(failed=1)
    # A spinning thread is caught on one of the loop's two lines.
    result.stdout.re_match_lines([r".*has not run for 1 s.*", rf".*test_it.py:({lineno}|{lineno - 1}) in .*"])


def test_what_comes_after_runs_as_if_nothing_had_been(example):
    example.run(
        "--timeout=1",
        test_it="""
        import asyncio, pytest

        pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.redloop(leaks="error")]

        async def test_spins():
            while True:
                pass

        async def test_next():
            assert len(asyncio.all_tasks()) == 1
            await asyncio.sleep(0.01)
        """,
    ).assert_outcomes(failed=1, passed=1)


def test_tasks_that_block_again_while_they_are_tidied_up(example):
    """Three of them wait for a lock that nobody releases; each blocks the loop once more when it is cancelled."""
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio, threading, pytest

        pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.redloop(leaks="error")]

        async def test_blocks():
            lock = threading.Lock()
            async def guarded():
                with lock:
                    await asyncio.sleep(0.01)
            await asyncio.gather(*(guarded() for _ in range(4)))

        async def test_next():
            assert len(asyncio.all_tasks()) == 1
        """,
    )
    result.assert_outcomes(failed=1, passed=1)
    assert "never retrieved" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("real", "the time-out of 1 s is over, and every task is still waiting:"),
        ("virtual", "E * deadlock: every task waits, *"),
    ],
)
def test_a_test_that_waits_for_ever_is_told_which_task_waits(example, clock, said):
    """And nothing else: that pytest hides its frames and ours is no news."""
    result = example.run(
        "--timeout=1",
        f"--redloop-clock={clock}",
        test_it="""
        import asyncio

        async def test_it():
            await asyncio.Event().wait()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([said, "*test_it.py:4*"])
    result.stdout.no_fnmatch_line("*--full-trace*")


def test_a_deadlock_on_the_real_clock_has_its_circle_and_its_holders(example):
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio

        async def take(first, second):
            async with first:
                await asyncio.sleep(0)
                async with second:
                    pass

        async def test_it():
            left, right = asyncio.Lock(), asyncio.Lock()
            async with asyncio.TaskGroup() as group:
                group.create_task(take(left, right), name="A")
                group.create_task(take(right, left), name="B")

        def test_nobody_tracks_any_longer():
            assert "_locked" in vars(asyncio.Lock)
        """,
        conftest="""
        import asyncio

        def pytest_unconfigure():
            print("tracked:", "_locked" in vars(asyncio.Lock))
        """,
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "A waits for a Lock that B holds since test_it.py:4; B waits for one that A holds since test_it.py:4.",
            "  Each holds what the next one needs: take them in the same order everywhere.",
            "  A waits for a Lock, held by B since test_it.py:4",
            "tracked: False",
        ]
    )


def test_on_the_real_clock_it_says_where_other_threads_are(example):
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio, threading

        async def test_it():
            never, stop = asyncio.get_running_loop().create_future(), threading.Event()

            def work():
                stop.wait()

            threading.Thread(target=work, name="worker").start()
            await asyncio.to_thread(str)  # whose thread stands in no code of the suite's
            try:
                await never
            finally:
                stop.set()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "  Task-* waits for a Future that nobody has resolved",
            "      test_it.py:12 in test_it: await never",
            "  the thread 'worker' is at test_it.py:7 in test_it.<locals>.work: stop.wait()",
        ],
        consecutive=True,
    )
    assert result.stdout.str().count("the thread") == 1


POLLS = """
    import asyncio

    async def test_it():
        found = []
        while not found:
            await asyncio.sleep(PAUSE)
            sum(range(20_000))
"""


CAUSES = [
    r"Either this is more work than there is time for: .*",
    r"and again for what never comes .*",
    r"task\. To see which, run this test alone with ten times the time-out\.",
]


def test_a_task_that_polls_does_not_hold_the_loop(example):
    """The blow may well land in its own line."""
    result = example.run("--timeout=1", test_it=POLLS.replace("PAUSE", "0"))
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines([r"the time-out of 1 s is over, and its tasks still run:", r"  Task-\d+ .*", *CAUSES])
    assert "has not run" not in result.stdout.str()


def test_a_task_that_will_not_be_cancelled_is_not_said_to_poll(example):
    """A virtual loop that is being closed jumps from one timer of the task's to the next."""
    result = example.run(
        "--timeout=1",
        "--redloop-clock=virtual",
        test_it="""
        import asyncio

        async def stubborn():
            while True:
                try:
                    await asyncio.sleep(100)
                except asyncio.CancelledError:
                    pass

        async def test_it():
            test_it.task = asyncio.create_task(stubborn())
            await asyncio.sleep(0)
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines([r"  Task-\d+ .*, though it was cancelled.*", r" +It was cancelled, and goes on: .*"])
    assert "Either this is more work" not in result.stdout.str()


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_much_correct_work_is_not_said_to_poll(example, clock):
    result = example.run(
        "--timeout=1",
        f"--redloop-clock={clock}",
        test_it="""
        import asyncio, itertools

        async def test_it():
            queue = asyncio.Queue(1)

            async def produce():
                for item in itertools.count():
                    await queue.put(item)

            async def consume():
                while True:
                    await queue.get()
                    sum(range(1000))

            await asyncio.gather(produce(), consume())
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [r"the time-out of 1 s is over, and its tasks still run:", r" +test_it\.py:\d+ in test_it: .*", *CAUSES]
    )


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_blow_between_two_steps_loses_no_handle(example, clock):
    """The loop has taken the task's next step off its queue. Were it lost, no cancelling could wake the task again."""
    result = example.run(
        "--timeout=60",
        f"--redloop-clock={clock}",
        test_it="""
        import asyncio, collections, signal

        Ready = type("Ready", (collections.deque,), {})
        LOOPS_OWN = '''
        def popleft(ready):
            handle = collections.deque.popleft(ready)
            if not struck:
                struck.append(signal.raise_signal(signal.SIGALRM))
            return handle
        '''
        struck = []
        exec(compile(LOOPS_OWN, "<the event loop>", "exec"))  # no line of the suite's own
        Ready.popleft = popleft

        async def test_it():
            loop = asyncio.get_running_loop()
            loop._ready = Ready(loop._ready)
            while True:
                await asyncio.sleep(0)
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the time-out of 60 s is over, and its tasks still run:"])


def test_polling_on_the_virtual_clock_may_be_that(example):
    """Each look moves the clock on, so it is no livelock: for all that anybody can tell, it is a long simulation."""
    result = example.run("--timeout=1", "--redloop-clock=virtual", test_it=POLLS.replace("PAUSE", "0.01"))
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"  Task-\d+ (waits for asyncio\.sleep\(0\.01\)|is running:)",
            r"Its clock stands at [\d.,]+ s, and no thread, process or peer is at work\.",
            *CAUSES,
        ]
    )


@pytest.mark.parametrize(
    ("scheduled", "said"),
    [
        ("asyncio.get_running_loop().call_soon(time.sleep, 1000)", "  test_it.py:10 in test_it: *call_soon*"),
        ("helper()", "  test_it.py:4 in helper: *call_soon*"),
        ("further()", "  a callback of the loop's, <built-in function sleep>"),
    ],
)
def test_a_callback_without_python_code_holds_the_loop(example, scheduled, said):
    result = example.run(
        "--timeout=1",
        test_it=f"""
        import asyncio, time

        def helper():
            asyncio.get_running_loop().call_soon(time.sleep, 1000)

        def further():
            helper()

        async def test_it():
            {scheduled}
            await asyncio.Event().wait()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the event loop has not run for 1 s: it is held by", said])


def test_an_await_that_has_nothing_to_wait_for(example):
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio

        async def test_it():
            event = asyncio.Event()
            event.set()
            while True:
                await event.wait()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  test_it.py:[67] in test_it: *", "*clear the event*"])  # 3.12 stops at the `while`
    result.stdout.no_fnmatch_line("*can be awaited*")


def test_what_a_virtual_loop_waits_for_in_real_time_is_named(example):
    result = example.run(
        "--timeout=1",
        "--redloop-clock=virtual",
        test_it="""
        import asyncio, subprocess, sys

        async def test_it():
            with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as server:
                try:
                    await asyncio.sleep(3600)
                finally:
                    server.kill()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["Its clock stands at 0 s, and it waits in real time for what may still wake a task: the process *."]
    )


def test_where_a_thread_is_that_a_virtual_loop_waits_for(example):
    result = example.run(
        "--timeout=1",
        "--redloop-clock=virtual",
        test_it="""
        import asyncio, threading

        release = threading.Event()

        def poll():
            release.wait(5)

        async def test_it():
            threading.Thread(target=poll, name="the poller").start()
            try:
                await asyncio.sleep(3600)
            finally:
                release.set()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["Its clock*wake a task: the thread 'the poller'.", "  the thread 'the poller' is at test_it.py:6 in poll: *"]
    )


@pytest.mark.parametrize("style", ["auto", "short"])
def test_no_traceback_shows_a_frame_of_ours(example, style):
    result = example.run(
        "--timeout=2",
        "--redloop-clock=virtual",
        f"--tb={style}",
        test_it="""
        import asyncio, time, pytest

        def test_sync():
            time.sleep(60)

        def test_run():
            asyncio.run(asyncio.Event().wait())

        def test_wrong_call():
            async def main():
                time.sleep("1")
            asyncio.run(main())

        @pytest.fixture
        async def up():
            await asyncio.Event().wait()

        @pytest.fixture
        async def down():
            yield
            await asyncio.Event().wait()

        async def test_up(up):
            pass

        async def test_down(down):
            pass
        """,
    )
    result.assert_outcomes(failed=3, passed=1, errors=2)
    for frame in ("*redloop/*.py:*: in *", "*redloop/*.py:*: *Error", "*redloop/*.py:*: Failed", "*--full-trace*"):
        result.stdout.no_fnmatch_line(frame)


def test_the_time_out_of_a_synchronous_test_lists_no_thread_of_ours(example):
    """pytest-timeout prints the stack of each that there is. The tests after it are watched as ever."""
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio, time

        async def test_before():
            await asyncio.sleep(0.01)

        def test_sync():
            time.sleep(60)

        async def test_after():
            sum(range(10_000_000))
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    assert "Stack of" not in result.stdout.str() + result.stderr.str()
    result.stdout.fnmatch_lines(["test_it.py:10 in test_after: held the event loop *"])


def test_a_task_that_awaits_itself_is_tidied_up(example):
    """asyncio's own `cancel()` ends in a RecursionError there, and so would closing the loop."""
    result = example.run(
        "--timeout=1",
        test_it="""
        import asyncio

        async def test_it():
            me = asyncio.current_task()

            async def other():
                await me

            await asyncio.create_task(other(), name="other")

        async def test_next():
            assert len(asyncio.all_tasks()) == 1
        """,
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["other waits for Task-* to end; Task-* waits for other to end."])
    assert "RecursionError" not in result.stdout.str() + result.stderr.str()


def test_a_sync_test_gets_what_pytest_timeout_says(example):
    result = example.run(
        "--timeout=1",
        test_it="""
        import time

        def test_it():
            time.sleep(60)
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Timeout *>1.0s*"])


def test_a_failed_test_is_tidied_up_without_a_timer(example):
    """pytest-timeout stops the timer of a test that failed: none may be started again with nobody to catch it."""
    example.run(
        "--timeout=1",
        "--redloop-leaks=error",
        test_it="""
        import asyncio, time, pytest

        @pytest.fixture(scope="module")
        def slow_to_end():
            yield
            time.sleep(1.5)

        @pytest.fixture
        def own():
            yield

        async def test_it(slow_to_end, own):
            asyncio.create_task(asyncio.sleep(3600))
            assert False
        """,
    ).assert_outcomes(failed=1, errors=1)


def test_a_test_in_time_is_left_alone(example):
    example.run(
        "--timeout=30",
        test_it="""
        import signal

        async def test_it():
            assert signal.getitimer(signal.ITIMER_REAL)[0] > 0

        def test_sync():
            pass
        """,
    ).assert_outcomes(passed=2)
