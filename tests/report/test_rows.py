"""Which span blocked the loop, and when: of the records alone."""

from redloop.record import BlockingCall, Run, Span
from redloop.report.nesting import depths
from redloop.report.rows import every_row

FILE = "/home/ada/shop.py"


def span(name, start, end, *, task="Task-1", waits=(), queues=()):
    return Span(name, task, FILE, 1, start, end, waits, queues)


def call(seconds, at, function, *, name="", task="Task-1", stack=(), count=1):
    kind = "call" if name else "stall"
    return BlockingCall(kind, name, FILE, 4, function, seconds, task, stack=stack, at=at, count=count)


def blocked(run):
    return {row.name: (row.blocked, row.moments) for row in every_row(run)}


def step(*calls):
    """What a test did that slept for 0.05 s, then awaited one that blocked the loop for 0.2 s, then another."""
    return Run(
        clock="virtual",
        elapsed=0.25,
        spans=(
            span("test", 0.0, 0.25, waits=((0.0, 0.05),), queues=((0.05, 0.25),)),
            span("reserve", 0.05, 0.25),
            span("crunch", 0.25, 0.25),
        ),
        blocking_calls=calls,
    )


def test_of_virtual_time_only_a_sleep_takes_any():
    run = step(
        call(0.003, 0.05, "reserve", name="open"),
        call(0.2, 0.05, "reserve", name="time.sleep"),
        call(0.17, 0.25, "crunch"),
    )
    assert blocked(run) == {
        "test": ((), ()),
        "reserve": (((0.05, 0.25),), ((0.05, 0.003),)),
        "crunch": ((), ((0.25, 0.17),)),
    }
    assert every_row(run)[1].runs == ()


def test_a_trifling_call_next_to_a_stretch_has_no_mark():
    short, sleep = call(43e-6, 0.05, "reserve", name="open"), call(0.2, 0.05, "reserve", name="time.sleep")
    assert blocked(step(short, sleep))["reserve"] == (((0.05, 0.25),), ())
    assert blocked(step(short))["reserve"] == ((), ((0.05, 43e-6),)), "alone it is all that there is to see"


def test_sleeps_of_one_step_stand_one_after_the_other():
    run = step(
        call(0.05, 0.05, "reserve", name="time.sleep"),
        call(0.15, 0.1, "reserve", name="time.sleep"),
    )
    assert blocked(run)["reserve"] == (((0.05, 0.1), (0.1, 0.25)), ())


def test_many_calls_of_one_record_take_what_room_there_is_between_waits():
    many = call(0.5, 0.2, "reserve", name="open", count=1000)
    run = Run(
        elapsed=2.0,
        spans=(span("reserve", 0.0, 2.0, waits=((0.0, 0.1), (0.5, 1.0))),),
        blocking_calls=(many, call(0.2, 0.3, "reserve", name="open")),
    )
    ((taken, moments),) = blocked(run).values()
    assert (taken, moments) == (((0.2, 0.3), (0.3, 0.5), (1.0, 1.4)), ())


def test_a_sleep_in_a_callback_takes_time():
    run = step(call(0.05, 0.01, "tick", name="time.sleep", task=""))
    assert blocked(run)["tick"] == (((0.01, 0.01 + 0.05),), ())


def test_the_innermost_function_that_is_a_span_made_the_call():
    stack = (f"{FILE}:4 in helper", f"{FILE}:9 in Shop.crunch", f"{FILE}:12 in test")
    assert blocked(step(call(0.17, 0.25, "helper", stack=stack)))["crunch"] == ((), ((0.25, 0.17),))
    stack = (f"{FILE}:4 in helper", f"{FILE}:12 in test")
    assert blocked(step(call(0.17, 0.25, "helper", stack=stack)))["test"] == ((), ((0.25, 0.17),))


def test_a_task_that_has_another_name_now_is_known_by_its_functions():
    """`task.set_name()` while it runs; an eager task of Python 3.13.0 has none before its first await."""
    run = Run(
        elapsed=1.0,
        spans=(
            span("main", 0.0, 1.0, queues=((0.0, 1.0),)),
            span("work", 0.0, 1.0, task="Task-2", waits=((0.4, 1.0),)),
        ),
        blocking_calls=(
            call(0.2, 0.0, "work", task="None"),
            call(0.2, 0.2, "helper", task="later", stack=(f"{FILE}:4 in helper", f"{FILE}:9 in work")),
            call(0.2, 0.2, "elsewhere", task="of another test"),
        ),
    )
    assert blocked(run) == {"main": ((), ()), "work": (((0.0, 0.2), (0.2, 0.4)), ())}


def test_how_deep_a_coroutine_lies_in_others_of_its_task():
    spans = (
        span("test", 0.0, 4.0, queues=((0.0, 3.0),)),
        span("load", 0.0, 3.0, queues=((0.0, 3.0),)),
        span("fetch #1", 0.0, 1.0, waits=((0.0, 1.0),)),
        span("worker", 0.0, 4.0, task="Task-2", waits=((0.0, 2.0),), queues=((2.0, 4.0),)),
        span("fetch #2", 1.0, 3.0, waits=((1.0, 3.0),)),
        span("parse", 1.0, 1.0),
        span("store", 2.0, 4.0, task="Task-2", waits=((2.0, 4.0),)),
        span("close", 4.0, 4.0),
    )
    assert depths(every_row(Run(elapsed=4.0, spans=spans))) == [0, 1, 2, 0, 2, 3, 1, 1]


def test_tasks_of_one_name_do_not_lie_in_each_other():
    spans = (
        span("fetch #1", 0.0, 4.0, task="same", waits=((0.0, 3.0),), queues=((3.0, 4.0),)),
        span("fetch #2", 0.0, 2.0, task="same", waits=((0.0, 2.0),)),
        span("close", 3.0, 4.0, task="same", waits=((3.0, 4.0),)),
    )
    assert depths(every_row(Run(elapsed=4.0, spans=spans)))[:2] == [0, 0]
