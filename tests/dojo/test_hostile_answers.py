"""Answers that break more than themselves: one session in a real terminal meets them all, and outlives them.

`pytest -s tests/dojo/test_hostile_answers.py` prints, for each, what stood on the screen.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from dojo.commandline import COMMAND, SOLVED, environ, redloop
from dojo.conftest import write_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GREET = "async def greet(say, name):\n    {}\n"
RIGHT = "return await say(name)"

RED = "✗ 01 greet is red: 3 of 3 tests failed"
GREEN = "✓ 01 greet is green: 3 tests passed"
NOT_IMPORTED = "✗ 01 greet is red: the file could not be imported, so no test ran"
ENDED = "✗ 01 greet is red: test_says_it ended the whole process"
ENDED_AT_IMPORT = "✗ 01 greet is red: importing the file ended the whole process"
NOT_JUDGED = "✗ 01 greet could not be judged: "


def does(statement: str, then: str = "return 1") -> str:
    """An answer that does this in the function."""
    return GREET.format(f"{statement}\n    {then}")


def first(statement: str, then: str = "return 1") -> str:
    """An answer that does this when it is imported."""
    return f"{statement}\n{GREET.format(then)}"


# what it does: (the answer, what stands on the screen, in this order)
ANSWERS: dict[str, tuple[str | bytes, list[str]]] = {
    "is empty": ("", [NOT_IMPORTED, "cannot import name 'greet' from 'greeter'"]),
    "is no UTF-8": (b"x = '\xff'\n", [NOT_IMPORTED, "'utf-8' codec can't decode byte 0xff"]),
    "has a null byte": (b"x = '\0'\n", [NOT_IMPORTED, "cannot contain null bytes"]),
    "has a syntax error": ("def greet(:\n", [NOT_IMPORTED, "SyntaxError: invalid syntax", "greeter.py:1  def greet(:"]),
    "is not indented": (GREET.format("")[:-5] + "return 1\n", [NOT_IMPORTED, "IndentationError", "greeter.py:2"]),
    "mixes tabs and spaces": ("if 1:\n        x = 1\n\ty = 1\n", [NOT_IMPORTED, "TabError", "greeter.py:3"]),
    "is 1 MB long": (SOLVED + "# x\n" * 250_000, [GREEN]),
    "has 5,000 brackets in one line": (
        f"x = {'(' * 5000}{')' * 5000}\n",
        [NOT_IMPORTED, "too many nested parentheses", "(9,804 characters more)"],
    ),
    "prints 10 MB": (does("print('x' * 10_000_000)"), [RED, "It printed:", "characters more)"]),
    "prints bytes to the terminal": (
        does("import sys; sys.stdout.buffer.write(bytes(range(256)))"),
        [RED, r"\x00\x01\x02", r"\x1b"],
    ),
    "prints what steers a terminal": (
        does("print('\\x1b[2J\\x1b]0;title\\x07\\x9b31m')"),
        [RED, r"\x1b[2J\x1b]0;title\x07\x9b31m"],
    ),
    "raises what steers a terminal": (does("raise ValueError('\\x1b[2J')"), [RED, r"ValueError: \x1b[2J"]),
    "prints half a character": (does("print('\\udc80')"), [RED, "It printed:"]),
    "calls os._exit": (does("import os; os._exit(0)"), [f"{ENDED} (exit code 0)", "Look for os._exit"]),
    "calls os._exit at import": (first("import os; os._exit(7)"), [f"{ENDED_AT_IMPORT} (exit code 7)"]),
    "calls sys.exit": (does("import sys; sys.exit(0)"), [RED, "SystemExit: 0"]),
    "calls sys.exit at import": (first("import sys; sys.exit(0)"), [NOT_IMPORTED, "SystemExit: 0", "greeter.py:1"]),
    "raises KeyboardInterrupt": (
        does("raise KeyboardInterrupt"),
        [f"{ENDED} (KeyboardInterrupt was raised)", "greeter.py:2  raise KeyboardInterrupt", "Look for what raises it"],
    ),
    "raises KeyboardInterrupt at import": (
        "raise KeyboardInterrupt\n",
        [NOT_IMPORTED, "KeyboardInterrupt", "greeter.py:1"],
    ),
    "raises GeneratorExit": (does("raise GeneratorExit"), [RED, "GeneratorExit"]),
    "has a text that cannot be made": (
        does("class Odd(Exception):\n        def __str__(self): raise ValueError\n    raise Odd"),
        [RED, "its message cannot be shown: ValueError"],
    ),
    "kills itself": (does("import os; os.kill(os.getpid(), 9)"), [f"{ENDED} (SIGKILL)", "more memory than there is"]),
    "kills its process group": (does("import os, signal; os.killpg(0, signal.SIGTERM)"), [f"{ENDED} (SIGTERM)"]),
    "kills who started it": (
        does("import os, signal; os.kill(os.getppid(), signal.SIGKILL)"),
        ["✗ 01 greet is red: ", " ended the whole process (SIGKILL)", "Look for os.kill"],  # it gets on a bit meanwhile
    ),
    "crashes Python": (does("import ctypes; ctypes.string_at(0)"), [f"{ENDED} (SIGSEGV)", "Look for ctypes"]),
    "ends from a thread": (
        first(
            "import os, threading\nthreading.Timer(0.05, os._exit, [5]).start()",
            "import asyncio; await asyncio.Event().wait()",
        ),
        ["✗ 01 greet is red: "],  # when the timer fires is up to the machine; a deadlock may be told first
    ),
    "forks": (does("import os; os.fork()", RIGHT), [GREEN]),
    "forks at import": (first("import os; os.fork()", RIGHT), [GREEN]),
    "leaves a thread running": (
        does("import threading; threading.Thread(target=threading.Event().wait).start()", RIGHT),
        [GREEN],
    ),
    "has a thread that dies": (
        does("import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", RIGHT),
        [GREEN],
    ),
    "leaves a process running": (
        does("import subprocess; subprocess.Popen(['sleep', '9'], start_new_session=True)", RIGHT),
        [GREEN],
    ),
    "loops for ever": (GREET.format("\n    while True:\n        pass"), [RED, "greeter.py:3 in greet"]),
    "loops for ever at import": (
        "while True:\n    pass\n",
        ["importing the file did not end and was stopped after 12 s", "It stood at", "01_greet/greeter.py:"],
    ),
    "calls itself for ever": (does("return await greet(say, name)"), [RED, "RecursionError"]),
    "calls itself for ever at import": ("def f(): f()\nf()\n", [NOT_IMPORTED, "RecursionError", "greeter.py:1"]),
    "wants more memory than there is": (does("bytearray(10**15)"), [RED, "MemoryError"]),
    "eats memory": (
        does("import mmap; eaten = []\n    while True: eaten.append(mmap.mmap(-1, 1 << 30))"),
        [RED, "Cannot allocate memory"],
    ),
    "closes standard output": (
        first("import sys; sys.stdout.close()", "print(1)"),
        [NOT_JUDGED, "Look in 01_greet/greeter.py for what skips tests, closes files"],
    ),
    "closes descriptor 1": (does("import os; os.close(1)", RIGHT), [GREEN]),
    "closes all descriptors": (does("import os; os.closerange(0, 256)"), [NOT_JUDGED, "closes files"]),
    "changes the folder": (does("import os; os.chdir('/')"), [RED, "ada heard nothing"]),
    "deletes its own file": (does("import os; os.path.exists(__file__) and os.unlink(__file__)"), [RED, "ada heard"]),
    "deletes the folder of the tests": (
        does("import os, shutil; shutil.rmtree(os.path.dirname(os.path.dirname(__file__)))"),
        [NOT_JUDGED, "closes files"],
    ),
    "empties sys.path": (first("import sys; sys.path.clear()"), [RED]),
    "empties sys.modules": (first("import sys; sys.modules.clear()"), [NOT_JUDGED, "changes Python"]),
    "replaces parts of asyncio": (first("import asyncio; asyncio.run = asyncio.sleep = None"), [RED, "ada heard"]),
    "replaces parts of pytest": (first("import pytest; pytest.fail = pytest.raises = None"), [RED, "ada heard"]),
    "replaces the clock": (first("import time; time.time = time.monotonic = lambda: 0"), [RED, "ada heard"]),
    "replaces built-in functions": (
        first("import builtins; builtins.isinstance = builtins.open = None"),
        [NOT_JUDGED, "changes Python"],
    ),
    "ignores every signal": (
        first("import signal\nfor each in {*signal.valid_signals()} - {9, 19}: signal.signal(each, signal.SIG_IGN)"),
        [RED, "ada heard"],
    ),
    "brings a loop policy": (
        first(
            "import asyncio, warnings\nwarnings.simplefilter('ignore')\n"
            "class Policy(asyncio.DefaultEventLoopPolicy):\n    def new_event_loop(self): raise OSError('no loop')\n"
            "asyncio.set_event_loop_policy(Policy())"
        ),
        [RED, "OSError: no loop"],
    ),
    "stops the loop": (does("import asyncio; asyncio.get_running_loop().stop()", "await asyncio.sleep(1)"), ["✗ "]),
    "has something to do at exit": (first("import atexit; atexit.register(lambda: 1 / 0)", RIGHT), [GREEN]),
    "skips the tests": (does("import pytest; pytest.skip('no')"), [RED, "Skipped: no", "01_greet/greeter.py:2"]),
    "wants to be debugged": (
        does("breakpoint()"),
        [RED, "there is no terminal for a debugger here", "`pytest 01_greet` has one"],
    ),
    "skips the whole file": (
        "import pytest; pytest.skip('no', allow_module_level=True)\n",
        [f"{NOT_JUDGED}there is no test", "skips tests"],
    ),
    "ends pytest": (does("import pytest; pytest.exit('done')"), [ENDED, "Look for what raises it"]),
    "imports what is not there": ("import nothing_of_that_name\n", [NOT_IMPORTED, "ModuleNotFoundError"]),
}


class Afternoon:
    """One session, in a terminal, in which one answer after the other is saved."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.child = pexpect.spawn(
            COMMAND[0],
            [*COMMAND[1:], "--plain"],
            cwd=str(work),
            env=environ(),
            encoding="utf-8",
            dimensions=(50, 300),
            timeout=90,
        )
        self.footer()

    def footer(self) -> str:
        """What stood on the screen until the line with the keys was complete."""
        self.child.expect_exact("q quit\r\n")
        return self.child.before

    def save(self, answer: bytes) -> str:
        """What stands on the screen afterwards."""
        beside = self.work / "01_greet/.greeter.swp"
        beside.write_bytes(answer)
        os.replace(beside, self.work / "01_greet/greeter.py")
        return self.footer()


@pytest.fixture(scope="module")
def afternoon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Afternoon]:
    """The session that all of them meet."""
    folder = tmp_path_factory.mktemp("afternoon")
    status, told = redloop(folder, "start", "dojo", "--set", str(write_set(folder / "mini")))
    assert status == 0, told
    session = Afternoon(folder / "dojo")
    yield session
    session.child.send("q")
    session.child.expect(pexpect.EOF)
    session.child.close()
    assert session.child.exitstatus == 0


@pytest.mark.parametrize("name", ANSWERS)
def test_the_session_outlives_an_answer_that(afternoon, name):
    answer, expected = ANSWERS[name]
    data = answer if isinstance(answer, bytes) else answer.encode()
    told = afternoon.save(data)
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    sys.stdout.write(f"\n{name:<36} {' / '.join(line[:110] for line in lines[:-1][:4])}\n")
    assert "Traceback" not in told
    assert "That is our fault" not in told
    rest = " ".join(told.split())  # wherever a line was broken
    for text in expected:
        assert " ".join(text.split()) in rest, told
        rest = rest.partition(" ".join(text.split()))[2]
    assert not any(control in told for control in ("\x1b", "\x07", "\x9b"))
    assert (afternoon.work / "01_greet/greeter.py").read_bytes() == data  # what is saved is the learner's
