"""The timeline in pytest: on failure without being asked, in the stopwatch, in the report."""

import json
import os

import pytest

PAGES = """
    import asyncio

    async def fetch(page):
        await asyncio.sleep(2)
        return page

    async def one_by_one():
        for page in "abc":
            await fetch(page)

    async def together():
        await asyncio.gather(*map(fetch, "abc"))
"""
VIRTUAL = "--redloop-clock=virtual"


def test_a_failure_is_drawn_and_a_success_is_not(example):
    result = example.run(
        VIRTUAL,
        pages=PAGES,
        test_it="""
            import pages

            async def test_red():
                await pages.one_by_one()
                assert False, "took too long"

            async def test_green():
                await pages.together()
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*redloop timeline*",
            "took 6.0 s*longest wait 2.0 s in fetch('a')*overlap 1.0 of 3.0",
            " test_red * 6.0  test_it.py:*",
            " one_by_one * 6.0  test_it.py:4",
            " fetch('a') *▕▒* 2.0  pages.py:9",
            " fetch('c') *▒▏ 2.0  pages.py:9",
            " ▒ waits  ░ queues  ↯ failed",
        ]
    )
    assert result.stdout.str().count("▒ waits") == 1


def test_a_deadlock_of_tasks_that_refuse_to_be_cancelled_is_drawn(example):
    result = example.run(
        VIRTUAL,
        test_it="""
            import asyncio

            async def stubborn(event):
                while not event.is_set():
                    try:
                        await event.wait()
                    except asyncio.CancelledError:
                        pass

            async def test_it():
                await stubborn(asyncio.Event())
        """,
    )
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["took 0.0 s", " test_it *▕!*test_it.py:*", " stubborn *▕!*test_it.py:*", " ! leaked"])


def test_figures_in_the_stopwatch_and_in_the_report(example):
    tests = example.measure(
        VIRTUAL,
        pages=PAGES,
        test_it="""
            import asyncio, time
            import pages

            async def test_figures(stopwatch):
                await asyncio.sleep(1)
                with stopwatch() as run:
                    await pages.together()
                    assert [span.name for span in run.spans][1:3] == ["together", "fetch('a')"]
                    await asyncio.sleep(1)
                assert (run.elapsed, run.waited, run.overlap, run.peak) == (3.0, 7.0, round(7 / 3, 9), 3)
                assert [span.start for span in run.spans if span.name == "together"] == [0.0]

            def test_sync():
                asyncio.run(pages.one_by_one())

            async def test_busy(stopwatch):
                with stopwatch() as run:
                    sum(range(300_000))
                assert run.busy > 0
        """,
    )
    assert {name: test["outcome"] for name, test in tests.items()} == dict.fromkeys(tests, "passed")
    test = tests["test_figures"]
    assert (test["elapsed"], test["waited"], test["peak"]) == (4.0, 8.0, 3)
    assert test["spans"][0] | {"lineno": 0, "task": ""} == {
        "name": "test_figures",
        "task": "",
        "filename": test["spans"][0]["filename"],
        "lineno": 0,
        "start": 0.0,
        "end": 4.0,
        "waits": [[0.0, 1.0], [3.0, 4.0]],
        "queues": [[1.0, 3.0]],
        "outcome": "ok",
    }
    assert (tests["test_sync"]["elapsed"], tests["test_sync"]["overlap"]) == (6.0, 1.0)
    assert tests["test_busy"]["busy"] > 0


def test_leaked_cancelled_blocked_and_ascii(example, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    result = example.run(
        VIRTUAL,
        "--redloop-leaks=error",
        test_it="""
            import asyncio, time

            async def works():
                time.sleep(1)

            async def forever(name):
                await asyncio.sleep(100)

            async def test_leaves():
                asyncio.create_task(forever("left"))
                doomed = asyncio.create_task(forever("doomed"))
                await works()
                await asyncio.sleep(1)
                doomed.cancel()
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*took 2.0 s*loop blocked for 1.0 s*",
            " test_leaves *|.....* 2.0 *",
            " works *|BBBBB* 1.0 *",
            " forever('left') *!| *",
            " forever('doomed') *x| *",
        ]
    )


def test_a_stall_has_its_place_in_loop_time(example):
    """Virtual time stands still meanwhile, so only this tells where to draw it."""
    result = example.run(
        VIRTUAL,
        "--redloop-json=report.json",
        test_it="""
            import asyncio, time
            import pytest

            def crunch():
                until = time.thread_time() + 0.2
                while time.thread_time() < until:
                    pass

            @pytest.fixture
            async def prepared():
                await asyncio.sleep(7)
                crunch()

            async def test_stalls(prepared):
                await asyncio.sleep(2)
                crunch()
                await asyncio.sleep(1)
                time.sleep(1)
                assert False
        """,
    )
    (test,) = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    assert [(call["kind"], call["at"]) for call in test["blocking_calls"]] == [
        ("stall", None),  # in the set-up
        ("stall", 2.0),
        ("call", 3.0),
    ]
    assert test["elapsed"] == 4.0
    result.stdout.re_match_lines([r" test_stalls ▕▒+▓▒+▓+↯▏ 4\.0  ▓ \d+ ms real"])


@pytest.mark.parametrize(("option", "drawn"), [("never", 0), ("failed", 1), ("all", 2)])
def test_never_failed_all(example, option, drawn):
    result = example.run(
        VIRTUAL,
        f"--redloop-timeline={option}",
        *(["-n1"] if option == "failed" else []),
        test_it="""
            import asyncio

            async def test_red(stopwatch, pytestconfig):
                with stopwatch() as run:
                    await asyncio.sleep(1)
                if pytestconfig.getoption("redloop_timeline") == "never":
                    try:
                        run.waited
                    except RuntimeError as error:
                        assert "timeline=never" in str(error)
                assert False

            async def test_green():
                await asyncio.sleep(1)
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    assert result.stdout.str().count("▒ waits") == drawn


def test_nested_coroutines_of_a_real_suite(example):
    """On the real clock; on Python 3.11 without a profiler."""
    tests = example.measure(
        test_it="""
            import asyncio, sys

            async def fetch(page):
                await asyncio.sleep(0.01)

            async def load(*pages):
                for page in pages:
                    await fetch(page)

            async def test_nested():
                assert sys.getprofile() is None
                await load("a", "b")
                async with asyncio.TaskGroup() as group:
                    group.create_task(load("c"))
                    group.create_task(load("d"))
        """,
    )
    (test,) = tests.values()
    assert test["outcome"] == "passed"
    assert {span["name"]: len(span["waits"]) for span in test["spans"]} == {
        "test_nested": 0,
        **{f"load #{n}": 0 for n in (1, 2, 3)},
        **{f"fetch('{page}')": 1 for page in "abcd"},
    }


def test_another_plugins_runner(example):
    """anyio makes its own loop; the numbers are of the one on which most happened."""
    example.ini("")
    tests = example.measure(
        "-p",
        "no:asyncio",
        test_it="""
            import anyio, pytest

            @pytest.fixture
            def anyio_backend():
                return "asyncio"

            async def nap():
                await anyio.sleep(0.02)

            @pytest.mark.anyio
            async def test_group():
                async with anyio.create_task_group() as group:
                    for _ in range(3):
                        group.start_soon(nap)
        """,
    )
    (test,) = tests.values()
    assert test["elapsed"] >= 0.02
    assert test["peak"] == 3, "the group's own wait is for its tasks"


def test_the_seconds_of_another_plugins_runner(example):
    """On 3.11 no span of one is seen that never waits, since the runner's own coroutine is the task's first."""
    example.ini("")
    tests = example.measure(
        "-p",
        "no:asyncio",
        test_it="""
            import anyio, pytest

            @pytest.fixture
            def anyio_backend():
                return "asyncio"

            @pytest.mark.anyio
            async def test_alone():
                await anyio.sleep(0.02)
        """,
    )
    assert tests["test_alone"]["elapsed"] >= 0.02


def test_the_page_and_the_trace_from_xdists_workers_and_for_tests_that_passed(example):
    result = example.run(
        VIRTUAL,
        "-n2",
        "--redloop-html=report.html",
        "--redloop-trace=trace.json",
        "--redloop-json=report.json",
        pages=PAGES,
        test_it="""
            import pages

            async def test_one():
                await pages.one_by_one()

            async def test_two():
                await pages.together()
        """,
    )
    result.assert_outcomes(passed=2)
    page = (example.pytester.path / "report.html").read_text(encoding="utf-8")
    assert '"nodeid":"test_it.py::test_one","outcome":"passed","clock":"virtual","elapsed":6.0' in page
    assert '"pages.py:9":"await fetch(page)"' in page
    events = json.loads((example.pytester.path / "trace.json").read_text(encoding="utf-8"))["traceEvents"]
    assert sum(event["name"] == "fetch('b')" for event in events) == 2
    tests = json.loads((example.pytester.path / "report.json").read_text(encoding="utf-8"))["tests"]
    assert {(test["overlap"], len(test["spans"])) for test in tests} == {(1.0, 5), (3.0, 5)}


def test_a_report_that_cannot_be_written_is_said_before_the_first_test(example):
    result = example.run("--redloop-html=nowhere/report.html", test_it="def test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--redloop-html: cannot write nowhere/report.html*"])


def test_reports_stand_where_they_were_named_wherever_the_tests_go(example):
    """By an option from the folder in which pytest was started, and by the ini file from its own."""
    folder = example.pytester.mkdir("below")
    example.ini("asyncio_mode = auto", "redloop_trace = trace.json")
    folder.joinpath("test_it.py").write_text("import os\n\ndef test_goes(tmp_path):\n    os.chdir(tmp_path)\n")
    os.chdir(folder)
    result = example.run("--redloop-json=report.json")
    result.assert_outcomes(passed=1)
    found = sorted(str(path.relative_to(example.pytester.path)) for path in example.pytester.path.rglob("*.json"))
    assert found == ["below/report.json", "trace.json"]


def test_what_was_found_keeps_nothing_of_the_program_alive(example):
    """Spans, blocking calls, leaks and explored schedules are names, numbers and positions: the things die."""
    tests = example.measure(
        VIRTUAL,
        "--redloop-html=report.html",
        test_it="""
            import asyncio, gc, time, weakref
            import pytest

            things, held = [], []

            class Thing:
                def __init__(self):
                    things.append(weakref.ref(self))

            def block(thing):
                time.sleep(0.1)

            async def left(thing):
                held.append(asyncio.get_running_loop().create_future())  # else the task may be gone before the end
                await held[-1]

            async def raises():  # holds nothing: pytest keeps the log of its error, and the warning with the coroutine
                raise ValueError

            async def test_finds_all_it_can():
                thing = Thing()
                block(thing)
                raises()
                asyncio.create_task(raises())
                task = asyncio.create_task(left(thing))
                await asyncio.gather(asyncio.sleep(1), asyncio.to_thread(block, thing))

            @pytest.mark.redloop(schedules=5)
            async def test_explored():
                await asyncio.gather(asyncio.sleep(0, Thing()), asyncio.sleep(0, Thing()))

            def test_they_are_gone():
                gc.collect()
                assert len(things) > 2
                assert [thing() for thing in things if thing() is not None] == []
        """,
    )
    assert tests["test_they_are_gone"]["outcome"] == "passed"
    found = tests["test_finds_all_it_can"]
    assert len(found["spans"]) > 3
    assert {call["call"] for call in found["blocking_calls"]} == {"time.sleep"}
    assert {leak["kind"] for leak in found["leaks"]} == {"task", "never awaited", "never retrieved"}
    assert tests["test_explored"]["exploration"]["schedules"] > 1


def test_the_place_of_a_tool_is_kept_until_the_session_ends_and_no_longer(example):
    result = example.run(
        conftest="""
            import sys

            def tools():
                monitoring = getattr(sys, "monitoring", None)
                return [] if monitoring is None else [monitoring.get_tool(number) for number in range(6)]

            def pytest_sessionfinish():
                print("\\nduring:", tools().count("redloop timeline"))

            def pytest_unconfigure():
                print("\\nafter:", tools().count("redloop timeline"))
        """,
        test_it="""
            async def test_one(): pass
            async def test_two(): pass
        """,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["after: 0"])
