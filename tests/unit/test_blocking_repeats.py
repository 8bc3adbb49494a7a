"""One line that makes thousands of short calls: as records, of which there are few, and none of them is lost."""

from dataclasses import replace
from itertools import groupby

import pytest

from redloop.blocking.repeats import SINGLY, gathered
from redloop.record import BlockingCall, Run

ONE = BlockingCall("call", "open", "shop.py", 3, "load", 0.001, "Task-1", instead="await asyncio.to_thread(open, …)")


def calls(count: int, **changes: object) -> list[BlockingCall]:
    """The last is the longest."""
    return [replace(ONE, seconds=0.001 * (i + 1) / count, at=float(i), **changes) for i in range(count)]  # type: ignore[arg-type]


def test_a_hundred_of_a_line_have_a_record_each() -> None:
    few = calls(SINGLY)
    assert list(gathered(few, 0.05)) == few
    others = calls(SINGLY, lineno=4) + calls(SINGLY, task="Task-2") + calls(SINGLY, call="os.stat")
    assert list(gathered([*few, *others], 0.05)) == [*few, *others]


def test_the_longest_have_a_record_each_and_the_rest_has_one_with_their_sum() -> None:
    many = calls(1000)
    many[3], many[5] = replace(many[3], victims=("Task-2",)), replace(many[5], victims=("Task-3", "Task-2"))
    rest, *singly = gathered(many, 0.05)
    assert singly == many[-SINGLY:]
    assert (rest.count, rest.at, rest.victims) == (1000 - SINGLY, 0.0, ("Task-2", "Task-3"))
    assert rest.seconds == pytest.approx(sum(call.seconds for call in many[:-SINGLY]))


def test_what_lasted_as_long_as_the_threshold_is_told_by_itself() -> None:
    stalls = [replace(ONE, kind="stall", call="", seconds=0.06)] * 300
    long = [replace(ONE, seconds=0.05)] * 300
    told = list(gathered([*stalls, *calls(300), *long], 0.05))
    counts = [(count, len(list(same))) for count, same in groupby(call.count for call in told)]
    assert counts == [(1, 300), (300 - SINGLY, 1), (1, SINGLY + 300)]
    assert (told[:300], told[-300:]) == (stalls, long)


def test_a_count_of_one_is_not_written() -> None:
    many = replace(ONE, count=900)
    data = Run(blocking_calls=(ONE, many)).to_json()["blocking_calls"]
    assert ["count" in one for one in data] == [False, True]
    assert Run.from_json({"blocking_calls": data}).blocking_calls == (ONE, many)
