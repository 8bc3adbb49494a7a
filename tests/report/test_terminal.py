"""What a person reads at the end: one row per line of code, however often and in however many tests it blocked."""

from redloop.record import BlockingCall, Unsure
from redloop.report import terminal


def call(lineno, seconds, **more):
    return BlockingCall("call", "time.sleep", "/repo/shop.py", lineno, "pay", seconds, "Task-1", **more)


def test_one_row_per_line_of_code_the_costliest_first():
    calls = [
        ("one", call(8, 0.06)),
        ("one", call(9, 0.07, instead="wait")),
        ("two", call(8, 0.05)),
        ("two", call(8, 1)),
    ]
    assert terminal.summary_rows(calls, "/repo") == [
        "shop.py:8 in pay: time.sleep (3 times, 1.11 s in all, worst 1.00 s; 2 tests)",
        "shop.py:9 in pay: time.sleep (once, 70 ms; 1 test)",
        "    instead: wait",
    ]


def test_many_calls_of_one_record_are_as_many_and_none_of_them_the_worst():
    many = [call(2, 0.5, count=4900), call(2, 0.03), call(2, 0.001, count=8)]
    said = "4909 times, 0.53 s in all"
    assert terminal.summary_rows([("t1", one) for one in many])[0].endswith(f"({said}, worst 30 ms; 1 test)")
    assert "for 30 ms at /repo/shop.py:2" in (text := terminal.blocking_text(many).partition("\n")[0])
    assert text.endswith(f"({said}; this was the worst)")


def test_of_many_lines_the_costliest_are_told():
    calls = [("one", call(lineno, lineno / 100)) for lineno in range(1, 1301)]
    rows = terminal.summary_rows(calls, "/repo", most=2)
    assert [row.partition(" ")[0] for row in rows[:2]] == ["shop.py:1300", "shop.py:1299"]
    assert rows[2:] == ["… and 1,298 more lines of code, none of which cost more; -v lists all of them"]
    assert len(terminal.summary_rows(calls[:2], "/repo", most=2)) == 2


def test_of_many_who_had_to_wait_some_are_named():
    names = [f"Task-{number}" for number in range(12)]
    told = terminal.blocking_text([call(8, 0.1, victims=tuple(names[:7])), call(8, 0.2, victims=tuple(names[5:]))])
    assert told.endswith(f"had to wait: {', '.join(names[:10])} and others")
    assert terminal.blocking_text([call(8, 0.1, victims=tuple(names[:10]))]).endswith(names[9])


def test_what_the_baseline_has_is_said_of_the_test_with_the_most():
    beyond = {("/repo/shop.py", "pay", "time.sleep"): (3, 2)}
    [one] = terminal.summary_rows([("one", call(8, 0.06))] * 5, "/repo", beyond)
    assert one.endswith("; 1 test; 3 more than the baseline's 2)")
    [two] = terminal.summary_rows([("one", call(8, 0.06)), ("two", call(8, 0.06))], "/repo", beyond)
    assert two.endswith("; 2 tests; up to 3 more than the baseline's 2)")


def test_one_row_per_line_that_may_have_held_the_loop():
    def step(lineno, most):
        return Unsure("/repo/shop.py", lineno, "pay", 0.005, most)

    steps = [("one", step(8, 0.06)), ("two", step(8, 0.098)), ("two", step(9, 0.2))]
    assert terminal.unsure_rows(steps, "/repo") == [
        "shop.py:9 in pay: held the event loop for between 5 ms and 0.20 s (once; 1 test)",
        "shop.py:8 in pay: held the event loop for between 5 ms and 98 ms (2 times, this was the worst; 2 tests)",
    ]
