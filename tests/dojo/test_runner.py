"""Every way in which an answer can end has its verdict."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from redloop.dojo import processes
from redloop.dojo.processes import JudgeError
from redloop.dojo.runner import InterruptedJudgement, Runner, _Left
from redloop.dojo.sets import Exercise
from redloop.dojo.timelines import timeline
from redloop.dojo.verdict import Position

GREET = """
async def greet(say, name):
    {}
"""


def answer(body: str, before: str = "") -> bytes:
    return (textwrap.dedent(before) + GREET.format(textwrap.indent(textwrap.dedent(body), "    ").strip())).encode()


def test_a_solution_passes(runner, greet):
    verdict = runner.judge(greet, greet.solution.read_bytes())
    assert verdict.ending == "passed"
    assert [(result.function, result.outcome) for result in verdict.results] == [
        ("test_says_it", "passed"),
        ("test_returns_what_was_said", "passed"),
        ("test_stays_polite", "passed"),
    ]


def test_a_failure_has_the_message_the_line_and_the_reason(runner, greet):
    verdict = runner.judge(greet, greet.shipped.read_bytes())
    assert (verdict.ending, verdict.failing) == ("failed", {"test_says_it", "test_returns_what_was_said"})
    first = verdict.failed[0]
    assert first.problem is not None
    assert first.problem.message.splitlines()[:2] == ["ada heard nothing", "assert [] == ['ada']"]
    assert first.problem.in_test == Position(
        "01_greet/test_greeter.py", 16, 'assert door.said == ["ada"], "ada heard nothing"'
    )
    assert first.problem.in_answer is None
    assert first.reasons == {"assertion"}


def test_an_exception_has_the_line_of_the_answer(runner, greet):
    verdict = runner.judge(greet, answer("return name / 2"))
    assert verdict.ending == "failed"
    assert verdict.failed[0].reasons == {"TypeError"}
    assert verdict.failed[0].problem.in_answer == Position("01_greet/greeter.py", 3, "return name / 2")


@pytest.mark.parametrize(
    ("source", "kind", "where"),
    [
        ("import asyncio\ndef greet(:\n    pass\n", "SyntaxError", Position("01_greet/greeter.py", 2, "def greet(:")),
        ("def greet():\npass\n", "IndentationError", Position("01_greet/greeter.py", 2, "pass")),
        ("import no_such_thing\n", "ModuleNotFoundError", Position("01_greet/greeter.py", 1, "import no_such_thing")),
        ("x = 1\nx / 0\n", "ZeroDivisionError", Position("01_greet/greeter.py", 2, "x / 0")),
        ("import sys\nsys.exit(0)\n", "SystemExit", Position("01_greet/greeter.py", 2, "sys.exit(0)")),
        (
            "raise KeyboardInterrupt\n",
            "KeyboardInterrupt",
            Position("01_greet/greeter.py", 1, "raise KeyboardInterrupt"),
        ),
        ("pass\n", "ImportError", None),
        ("x = '\0'\n", "SyntaxError", None),
        ("x = '\xff'\n", "SyntaxError", None),
    ],
)
def test_an_error_in_the_file(runner, greet, source, kind, where):
    verdict = runner.judge(greet, source.encode("latin-1"))
    assert verdict.ending == "error"
    assert verdict.problem.types == (kind,)
    assert verdict.problem.in_answer == where or where is None


@pytest.mark.parametrize("way_out", ["pytest.skip('no')", "pytest.xfail('no')", "raise unittest.SkipTest('no')"])
def test_an_answer_cannot_skip_a_test(runner, greet, way_out):
    source = (
        "import pytest, unittest\nasync def greet(say, name):\n"
        f"    if name != 'ada': {way_out}\n    return await say(name)\n"
    )
    verdict = runner.judge(greet, source.encode())
    assert verdict.ending == "failed"
    assert verdict.failing == {"test_returns_what_was_said", "test_stays_polite"}
    assert [result.problem.in_answer.lineno for result in verdict.failed] == [3, 3]


def test_what_the_tests_give_to_an_answer_may_skip(runner, mini):
    exercise = mini.find("greet")
    with exercise.test.open("a") as tests:
        tests.write("import pytest\nasync def test_far_away():\n    await greet(lambda _: pytest.skip('far'), '')\n")
    verdict = runner.judge(exercise, exercise.solution.read_bytes())
    assert verdict.passed
    assert [result.name for result in verdict.results if result.outcome == "skipped"] == ["test_far_away"]


def test_a_failure_that_was_expected_is_one(runner, mini):
    exercise = mini.find("greet")
    exercise.test.write_text(
        exercise.test.read_text().replace(
            "async def test_stays", "import pytest\n@pytest.mark.xfail\nasync def test_stays"
        )
    )
    verdict = runner.judge(exercise, b"async def greet(say, name):\n    await say(name)\n    return name\n")
    assert verdict.failing == {"test_returns_what_was_said", "test_stays_polite"}
    assert verdict.failed[1].summary == "that was not polite"


@pytest.mark.parametrize("call", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_debugger_has_nobody_to_talk_to(runner, greet, call, monkeypatch):
    monkeypatch.setenv("PYTHONBREAKPOINT", "somebody.elses")
    source = f"async def greet(say, name):\n    {call}\n    return await say(name)\n"
    verdict = runner.judge(greet, source.encode())
    assert verdict.failing == {"test_says_it", "test_returns_what_was_said", "test_stays_polite"}
    for result in verdict.failed:
        assert result.problem.in_answer.lineno == 2
        assert "Traceback" not in result.problem.message


def test_nothing_is_left_in_the_temporary_folder(greet, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with Runner() as runner:
        assert runner.judge(greet, greet.solution.read_bytes()).passed
    assert list(tmp_path.iterdir()) == []


def test_hung_in_a_test(runner, greet):
    # blocks the signals that pytest-timeout and our stack dump need: the hardest to stop
    body = """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        while True:
            pass
    """
    verdict = runner.judge(greet, answer(body))
    assert (verdict.ending, verdict.during) == ("hung", "test_says_it")
    assert verdict.failing == {"test_says_it"}
    assert verdict.position is not None
    assert verdict.position.filename == "01_greet/greeter.py"


def test_hung_for_a_thread_is_where_it_waits_for_that(runner, greet):
    body = """
        import signal, threading
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        def spin():
            while True: pass
        thread = threading.Thread(target=spin, daemon=True)
        thread.start()
        thread.join()
    """
    source = answer(body)
    joins = next(number for number, line in enumerate(source.splitlines(), 1) if b"join()" in line)
    verdict = runner.judge(greet, source)
    assert (verdict.ending, verdict.position) == ("hung", Position("01_greet/greeter.py", joins))


def test_an_endless_answer_is_waited_for_once(greet):
    """The tests after the one that was stopped have a second each, and no picture is worth waiting for it again."""
    source = answer("while True: pass")
    with Runner() as runner:
        verdict = runner.judge(greet, source)
        assert timeline(runner, greet, source, verdict) is None
    assert [result.outcome for result in verdict.results] == ["failed"] * len(verdict.results)
    first, *others = [result.summary for result in verdict.results]
    assert "has not run for 5 s" in first
    assert others
    assert all("has not run for 1 s" in other for other in others)


def test_hung_at_import(runner, greet):
    verdict = runner.judge(greet, b"import threading\nthreading.Event().wait()\n")
    assert (verdict.ending, verdict.during, verdict.position) == ("hung", "", Position("01_greet/greeter.py", 2))


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os._exit(3)", "exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os; os.abort()", "SIGABRT"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt was raised"),
    ],
)
def test_crashed(runner, greet, body, how):
    verdict = runner.judge(greet, answer(body))
    assert (verdict.ending, verdict.message, verdict.during) == ("crashed", how, "test_says_it")


def test_tests_before_a_crash_keep_their_results(runner, greet):
    verdict = runner.judge(greet, answer("import os\nif name == 'eve': os._exit(1)\nreturn await say(name)"))
    assert [(each.name, each.outcome) for each in verdict.results] == [
        ("test_says_it", "passed"),
        ("test_returns_what_was_said", "passed"),
    ]
    assert verdict.during == "test_stays_polite"


def test_a_set_whose_configuration_is_broken_gives_no_report(runner, mini):
    (mini.folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    exercise = mini.find("01")
    verdict = runner.judge(exercise, exercise.solution.read_bytes())
    assert (verdict.ending, verdict.message) == ("no report", "pytest refused to start")
    assert "--no-such-option" in verdict.output


def test_a_set_without_a_test_gives_no_report(runner, mini):
    exercise = mini.find("01")
    exercise.test.write_text("import greeter\n")
    verdict = runner.judge(exercise, exercise.solution.read_bytes())
    assert (verdict.ending, verdict.message) == ("no report", "there is no test")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_what_the_answer_started_does_not_outlive_it(runner, greet, tmp_path):
    mark = tmp_path / "pid"
    body = f"""
        import subprocess, sys
        with open({str(mark)!r}, "w") as file:
            file.write(str(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid))
        return await say(name)
    """
    runner.judge(greet, answer(body))
    pid = int(mark.read_text())
    while is_alive(pid):  # a killed process takes a moment to go; the suite's own time-out is the limit
        time.sleep(0.01)


def test_a_thread_left_behind_does_not_hold_up_the_verdict(runner, greet):
    body = "import threading; threading.Thread(target=threading.Event().wait).start(); return await say(name)"
    assert runner.judge(greet, answer(body)).ending == "passed"


def test_ten_megabytes_of_print_change_nothing(runner, greet):
    verdict = runner.judge(greet, answer("print('x' * 10_000_000); return 1"))
    assert verdict.ending == "failed"
    assert len(verdict.failed[0].printed) < 5000


def test_one_answer_does_not_see_the_one_before(greet):
    spoil = """
        import asyncio, os
        asyncio.spoilt = open("spoilt", "w")
        os.mkdir("01_greet/spoilt")
        print("spoilt", flush=True)
        os._exit(1)
    """
    check = """
        import asyncio, os
        assert not hasattr(asyncio, "spoilt")
        assert not [name for name in (*os.listdir(), *os.listdir("01_greet")) if name == "spoilt"]
    """
    with Runner() as runner:
        assert runner.judge(greet, answer(spoil)).ending == "crashed"
        assert runner.judge(greet, answer("return await say(name)", before=check)).ending == "passed"
        assert runner.judge(greet, answer(spoil)).ending == "crashed"
        assert "spoilt" not in runner.judge(greet, answer("return 1")).failed[0].printed


def test_answers_to_one_exercise_share_what_its_tests_import(mini, tmp_path):
    exercise = mini.find("01")
    mark = tmp_path / "imported"
    exercise.test.write_text(f"open({str(mark)!r}, 'a').write('x')\n{exercise.test.read_text()}")
    with Runner() as runner:
        for name in ("01", "01", "02", "01"):
            assert runner.judge(mini.find(name), mini.find(name).solution.read_bytes()).passed
    assert mark.read_text() == "xx"


def seen(verdict):
    return verdict.ending, verdict.failing, verdict.signals, verdict.message, verdict.problem


def test_prepared_or_not_or_in_a_fresh_interpreter_the_verdicts_are_the_same(runner, greet):
    answers = [greet.shipped, greet.solution, *greet.answers("wrong")]
    sources = [*(path.read_bytes() for path in answers), b"def greet(:\n", answer("import os; os._exit(2)")]
    with Runner(warm=False) as cold, Runner() as ready:
        for source in sources:
            ready.prepare(greet)
            found = [seen(each.judge(greet, source)) for each in (cold, ready, runner)]
            assert found[0] == found[1] == found[2]


def test_an_answer_that_is_imported_late_is_the_one_that_was_given(mini):
    exercise = mini.find("01")
    text = exercise.test.read_text()
    late = "async def greet(say, name):\n    import greeter\n    return await greeter.greet(say, name)\n"
    exercise.test.write_text(text.replace("from greeter import greet\n", late))
    with Runner() as runner:
        for source in (exercise.shipped, exercise.solution):
            runner.prepare(exercise)
            assert runner.judge(exercise, source.read_bytes()).passed == (source == exercise.solution)


def test_what_was_prepared_for_other_tests_is_not_used(mini):
    first, second = mini.exercises
    with Runner() as runner:
        runner.prepare(first)
        assert runner.judge(second, second.solution.read_bytes()).passed
        runner.prepare(first)
        first.test.write_text("from greeter import greet\n\n\ndef test_other():\n    assert not greet\n")
        assert runner.judge(first, first.solution.read_bytes()).failing == {"test_other"}


def test_an_interrupted_judgement_ends_at_once_and_the_worker_goes_on(greet, tmp_path):
    mark = tmp_path / "pid"
    endless = f"import os, pathlib\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\nwhile True:\n    pass\n"
    with Runner() as runner, ThreadPoolExecutor() as pool:
        runner.interrupt()  # nothing to interrupt
        assert runner.judge(greet, greet.solution.read_bytes()).passed
        worker = runner._places[0]._process
        judging = pool.submit(runner.judge, greet, endless.encode())
        while not (mark.exists() and mark.read_text()):
            assert not judging.done()
        runner.interrupt()
        with pytest.raises(InterruptedJudgement):
            judging.result()
        runner.interrupt()  # too late for that one, and too early for the next
        assert runner.judge(greet, greet.solution.read_bytes()).passed
        assert runner._places[0]._process is worker
    assert not is_alive(int(mark.read_text()))


def test_a_timeline_is_recorded_only_where_one_is_asked_for(runner, greet):
    source = answer("import asyncio; await asyncio.sleep(0.01); return await say(name)")
    assert all(result.run is None for result in runner.judge(greet, source).results)
    (result,) = runner.judge(greet, source, timeline=True, tests=["test_says_it"]).results
    assert result.run.spans[0].name == "test_says_it"


def test_a_test_that_reads_the_timeline_has_one(runner, mini):
    exercise = mini.find("01")
    exercise.test.write_text(
        "from greeter import greet\n\n\nasync def test_overlap(stopwatch):\n"
        "    with stopwatch() as run:\n        pass\n    assert run.overlap == 0\n"
    )
    verdict = runner.judge(exercise, exercise.solution.read_bytes())
    assert verdict.passed, verdict.failed


def memory(pid):
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True)  # noqa: S607 - POSIX
    return int(told.stdout)


def test_memory_does_not_grow_with_the_answers(greet):
    with Runner() as runner:
        sizes = []
        for _ in range(3):
            for number in range(15):
                runner.judge(greet, greet.shipped.read_bytes() + b"# %d\n" % number)
                runner.prepare(greet)
            sizes.append(memory(runner._places[0]._process._process.pid))
    assert sizes[2] - sizes[1] < 500  # KiB: 30 bytes a verdict would do for a lifetime, 30 KiB would not


def test_many_answers_in_parallel_keep_their_order(greet):
    answers = [greet.shipped, greet.solution, *greet.answers("wrong")] * 3
    with Runner(2) as runner:
        endings = [each.ending for each in runner.judge_all([(greet, path.read_bytes()) for path in answers])]
    assert endings == ["failed", "passed", "failed", "failed", "failed"] * 3


def test_who_is_ready_for_an_exercise_goes_on_with_it_and_then_helps():
    one, other = (Exercise(name, "topic", Path(name), Path(name)) for name in ("01_one", "02_other"))
    left = _Left([one, one, one, other, other])
    taken = [left.take(ready_for) for ready_for in (None, None, one, other, other, one)]
    assert taken == [0, 3, 1, 4, 2, None]


def test_an_answer_that_cannot_be_judged_leaves_the_rest(greet, monkeypatch):
    monkeypatch.setattr(processes, "environment", lambda: {"PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"})
    with Runner(2) as runner, pytest.raises(JudgeError, match="has ended with status 1"):
        list(runner.judge_all([(greet, b"")] * 40))


def test_a_worker_that_was_killed_is_replaced(greet):
    with Runner() as runner:
        source = greet.solution.read_bytes()
        assert runner.judge(greet, source).passed
        runner._places[0]._process._process.kill()
        verdict = runner.judge(greet, source)
        assert verdict.passed
        assert verdict.retried == "The process that runs the tests has ended with status -9."
        assert not runner.judge(greet, source).retried


def test_a_worker_that_cannot_start_is_our_fault(greet, monkeypatch):
    monkeypatch.setattr(processes, "environment", lambda: {"PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"})
    with Runner() as runner, pytest.raises(JudgeError, match="The process that runs the tests has ended with status 1"):
        runner.judge(greet, b"")


def test_the_learners_environment_does_not_reach_the_tests(greet, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    with Runner() as runner:
        assert runner.judge(greet, greet.solution.read_bytes()).passed


def test_the_dojo_itself_never_imports_pytest():
    code = "import redloop.dojo.runner, redloop.dojo.sets, sys; sys.exit('pytest' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=processes.environment())
