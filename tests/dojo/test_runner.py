"""Every way in which an answer can end has its verdict."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from redloop.dojo import runner as runner_module
from redloop.dojo.runner import JudgeError, Runner
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


def test_one_answer_does_not_see_the_one_before(runner, greet):
    spoil = answer(
        "import asyncio; asyncio.spoilt = True; return 1", before="import sys; sys.path.insert(0, '/nowhere')\n"
    )
    runner.judge(greet, spoil)
    check = answer("return await say(name)", before="import asyncio, sys\nassert not hasattr(asyncio, 'spoilt')\n")
    assert runner.judge(greet, check).ending == "passed"


def test_a_fresh_interpreter_comes_to_the_same_verdicts(runner, greet):
    def seen(verdict):
        return verdict.ending, verdict.failing, verdict.signals, verdict.message, verdict.problem

    answers = [greet.shipped, greet.solution, *greet.answers("wrong")]
    sources = [*(path.read_bytes() for path in answers), b"def greet(:\n", answer("import os; os._exit(2)")]
    with Runner(warm=False) as cold:
        for source in sources:
            assert seen(cold.judge(greet, source)) == seen(runner.judge(greet, source))


def test_many_answers_in_parallel_keep_their_order(greet):
    answers = [greet.shipped, greet.solution, *greet.answers("wrong")] * 3
    with Runner(2) as runner:
        endings = [each.ending for each in runner.judge_all([(greet, path.read_bytes()) for path in answers])]
    assert endings == ["failed", "passed", "failed", "failed", "failed"] * 3


def test_a_worker_that_was_killed_is_replaced(greet):
    with Runner() as runner:
        source = greet.solution.read_bytes()
        assert runner.judge(greet, source).passed
        runner._started[0]._process.kill()
        assert runner.judge(greet, source).passed


def test_a_worker_that_cannot_start_is_our_fault(greet, monkeypatch):
    monkeypatch.setattr(runner_module, "environment", lambda: {"PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"})
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
    subprocess.run([sys.executable, "-c", code], check=True, env=runner_module.environment())
