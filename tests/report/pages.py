"""A small suite's records, for the reports that show whole suites."""

from redloop.record import BlockingCall, Leak, Run, Span

FILE = "/home/ada/shop.py"
HOSTILE = "test_<script>boom()</script>.py::test_\"'&</script><img src=x onerror=boom()>\u2028${boom()}"


def span(name, start, end, *, task="Task-1", line=19, waits=(), queues=(), outcome="ok"):
    return Span(name, task, FILE, line, start, end, waits, queues, outcome)


SLEEP = BlockingCall(
    "call", "time.sleep", FILE, 31, "crunch", 1.5, "Task-2", ("Task-3",), (), "await asyncio.sleep(1.5)", at=0.0
)
STALL = BlockingCall("stall", "", FILE, 35, "poll", 0.25, "Task-3", at=1.5)
SUITE = [
    (
        "test_shop.py::test_together",
        "passed",
        Run(
            "virtual",
            elapsed=2.0,
            waited=4.0,
            overlap=2.0,
            peak=2,
            spans=(
                span("load", 0.0, 2.0, queues=((0.0, 2.0),)),
                span("fetch('a')", 0.0, 2.0, task="Task-2", waits=((0.0, 2.0),)),
                span("fetch('b')", 0.0, 2.0, task="Task-3", waits=((0.0, 2.0),)),
            ),
        ),
    ),
    (
        "test_shop.py::test_blocked",
        "failed",
        Run(
            "virtual",
            elapsed=3.0,
            blocked=1.75,
            waited=1.5,
            overlap=1.0,
            peak=1,
            blocking_calls=(SLEEP, STALL),
            leaks=(Leak("task", "task forgotten()", FILE, 44),),
            spans=(
                span("main", 0.0, 3.0, queues=((0.0, 3.0),)),
                span("crunch", 0.0, 3.0, task="Task-2", line=31, waits=((1.5, 3.0),)),
                span("poll", 1.5, 2.0, task="Task-3", outcome="cancelled"),
                span("forgotten", 2.0, 3.0, task="Task-4", outcome="leaked"),
            ),
        ),
    ),
    (HOSTILE, "passed", Run("virtual", elapsed=1.0, spans=(span("f('</script><b>')", 0.0, 1.0, waits=((0.0, 1.0),)),))),
]
