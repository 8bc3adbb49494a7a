"""The trace keeps to the Chrome trace event format (JSON object form): what Perfetto and chrome://tracing read."""

import dataclasses
import json
from itertools import combinations, combinations_with_replacement

from report.pages import SUITE, span

from redloop.record import BlockingCall, Run
from redloop.report import trace

# By the format's document: what each kind of event must have, and of which type.
COMMON = {"name": str, "ph": str, "pid": int, "tid": int}
KINDS = {
    "X": {"cat": str, "ts": (int, float), "dur": (int, float), "args": dict},
    "M": {"args": dict},
    "i": {"cat": str, "ts": (int, float), "s": str},
}


def events_of(tests):
    document = json.loads(trace.document(tests))
    assert document["displayTimeUnit"] in {"ms", "ns"}
    return document["traceEvents"]


def events():
    return events_of(SUITE)


def test_every_event_has_what_its_kind_needs():
    for event in events():
        needed = COMMON | KINDS[event["ph"]]
        assert event.keys() == needed.keys()
        assert all(isinstance(event[key], kind) for key, kind in needed.items()), event
        assert event.get("dur", 0) >= 0


def test_a_process_for_each_test_and_a_thread_for_each_task():
    names = [event["args"]["name"] for event in events() if event["name"] == "process_name"]
    assert names == [f"{nodeid} ({outcome})" for nodeid, outcome, _ in SUITE]
    threads = {
        (event["pid"], event["tid"]): event["args"]["name"] for event in events() if event["name"] == "thread_name"
    }
    assert len(threads) == 3 + 4 + 1
    assert {(event["pid"], event["tid"]) for event in events() if event["ph"] == "X"} == set(threads)


def test_every_thread_and_every_process_has_a_name():
    named = {(event["name"], event["pid"], event["tid"]) for event in events() if event["ph"] == "M"}
    assert {name for name, _, _ in named} == {"process_name", "thread_name"}
    for event in events():
        assert ("process_name", event["pid"], 0) in named
        assert event["tid"] == 0 or ("thread_name", event["pid"], event["tid"]) in named
        assert event["ph"] != "i" or event["s"] == ("t" if event["tid"] else "p")


def test_a_generator_that_outlives_its_reader_is_on_a_thread_of_its_own():
    run = Run(
        elapsed=4.0,
        spans=(
            span("main", 0.0, 4.0, queues=((0.0, 2.0),)),
            span("read", 0.0, 2.0, waits=((1.0, 2.0),)),
            span("pages", 0.0, 3.0, waits=((0.0, 1.0),)),
        ),
    )
    assert threads_of(run) == [("main", 1), ("pages", 2), ("read", 1)]
    run = dataclasses.replace(run, spans=(*run.spans[:2], span("pages", 1.0, 3.0)))
    assert threads_of(run) == [("main", 1), ("read", 1), ("pages", 2)]


def test_tasks_of_one_name_are_on_threads_of_their_own():
    run = Run(
        elapsed=4.0,
        spans=(
            span("outer #1", 0.0, 4.0, task="same", waits=((0.0, 1.0),), queues=((1.0, 4.0),)),
            span("outer #2", 0.0, 3.0, task="same", waits=((0.0, 2.0),), queues=((2.0, 3.0),)),
            span("inner #1", 1.0, 4.0, task="same", waits=((1.0, 4.0),)),
            span("inner #2", 2.0, 3.0, task="same", waits=((2.0, 3.0),)),
        ),
    )
    assert threads_of(run) == [("outer #1", 1), ("outer #2", 2), ("inner #1", 1), ("inner #2", 2)]
    assert_slices_nest(events_of([("test_it", "passed", run)]))


def test_microseconds():
    (sleep,) = [event for event in events() if event["name"] == "blocked"]
    assert (sleep["ts"], sleep["dur"]) == (0.0, 1_500_000.0)


def test_slices_of_a_thread_nest():
    assert_slices_nest(events())
    spans = [  # two tasks' names, and any four times
        span(f"f{n}", *times[::3], task=f"T{n % 2}", waits=(times[:2],), queues=(times[2:],))
        for n, times in enumerate(combinations_with_replacement(range(5), 4))
    ]
    assert_slices_nest(events_of([("test_it", "passed", Run(elapsed=4.0, spans=tuple(spans)))]))


def threads_of(run):
    slices = [event for event in events_of([("test_it", "passed", run)]) if event.get("cat") == "span"]
    return [(event["name"], event["tid"]) for event in slices]


def assert_slices_nest(events):
    slices = [event for event in events if event["ph"] == "X"]
    for one, other in combinations(slices, 2):
        if (one["pid"], one["tid"]) == (other["pid"], other["tid"]):
            (a, b), (c, d) = ((event["ts"], round(event["ts"] + event["dur"], 3)) for event in (one, other))
            assert b <= c or d <= a or (a <= c and d <= b) or (c <= a and b <= d)


def test_what_was_found_very_often_says_how_often():
    many = BlockingCall("call", "open", "shop.py", 3, "load", 0.5, "Task-1", count=4900)
    events = events_of([("test_it", "passed", Run(blocking_calls=(many,)))])
    assert "open blocked the event loop for 0.50 s at shop.py:3 in load (4900 times)" in [
        event["name"] for event in events
    ]


def test_what_was_found_is_an_instant():
    assert [(event["ts"], event["name"]) for event in events() if event["ph"] == "i"] == [
        (1.5e6, "loop blocked for 0.25 s, which virtual time does not count"),
        (0.0, "time.sleep blocked the event loop for 1.50 s at /home/ada/shop.py:31 in crunch"),
        (1.5e6, "the event loop was held for 0.25 s without a break at /home/ada/shop.py:35 in poll"),
        (3e6, "the test is over and task forgotten() is still running; it was made at /home/ada/shop.py:44"),
    ]
