"""What GitHub reads in the log: one command a line of code, escaped, and not more than it shows."""

from redloop.record import BlockingCall
from redloop.report import github


def call(lineno, *, name="time.sleep", seconds=0.06, filename="/repo/shop/stock.py", **more):
    kind = "call" if name else "stall"
    return BlockingCall(kind, name, filename, lineno, "reserve", seconds, "Task-1", **more)


def test_one_command_a_line_of_code_on_the_file_in_the_repository():
    calls = [
        ("one", call(8, instead="await asyncio.sleep(…)")),
        ("two", call(8)),
        ("two", call(9, name="", seconds=0.1)),
    ]
    assert github.commands(calls, {"two"}, "/repo") == [
        f"::error file=shop/stock.py,line={line},title=The event loop was blocked::reserve: {text}"
        for line, text in (
            (8, "time.sleep (2 times, 0.12 s in all, worst 60 ms; 2 tests)%0Ainstead: await asyncio.sleep(…)"),
            (9, "held the event loop (once, 0.10 s; 1 test)"),
        )
    ]


def test_what_fails_nothing_is_a_warning_and_comes_after_the_errors():
    found = github.commands([("one", call(8, seconds=0.2)), ("two", call(9))], {"two"}, "/repo")
    assert [command.split(",")[:2] for command in found] == [
        ["::error file=shop/stock.py", "line=9"],
        ["::warning file=shop/stock.py", "line=8"],
    ]


def test_characters_that_mean_something_are_escaped():
    [command] = github.commands([("t", call(8, filename="/repo/a,b:c%/d.py", instead="100 %:\r\nx, y"))], (), "/repo")
    assert command == (
        "::warning file=a%2Cb%3Ac%25/d.py,line=8,title=The event loop was blocked::reserve: time.sleep "
        "(once, 60 ms; 1 test)%0Ainstead: 100 %25:%0D%0Ax, y"
    )


def test_a_file_outside_of_the_repository_is_named_in_the_text():
    [command] = github.commands([("t", call(8, filename="/env/driver.py"))], (), "/repo")
    assert command.startswith("::warning title=The event loop was blocked::/env/driver.py:8 in reserve: time.sleep (")


def test_no_more_than_github_shows():
    found = github.commands([("t", call(line)) for line in range(1, 14)], (), "/repo")
    assert len(found) == github.MOST + 1
    assert found[-1] == (
        "::notice title=The event loop was blocked::3 more lines of code blocked it: see redloop's summary in the log"
    )
    assert len(github.commands([("t", call(line)) for line in range(1, 11)], (), "/repo")) == github.MOST
