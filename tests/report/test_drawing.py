"""The drawing, character for character, and what it does where there is little room."""

import re
import textwrap

import pytest

from redloop.record import BlockingCall, Run, Span
from redloop.report.drawing import columns, drawing, duration


def span(name, start, end, *, task="Task-1", line=19, waits=(), queues=(), outcome="ok"):
    return Span(name, task, "/home/ada/pages.py", line, start, end, waits, queues, outcome)


ONE_AFTER_ANOTHER = Run(
    clock="virtual",
    elapsed=6.0,
    waited=6.0,
    overlap=1.0,
    peak=1,
    spans=(
        span("load", 0.0, 6.0, line=18, queues=((0.0, 6.0),)),
        span("fetch #1", 0.0, 2.0, line=19, waits=((0.0, 2.0),)),
        span("fetch #2", 2.0, 4.0, line=20, waits=((2.0, 4.0),)),
        span("fetch #3", 4.0, 6.0, line=21, waits=((4.0, 6.0),)),
    ),
)
EVERY_STATE = Run(
    clock="virtual",
    elapsed=4.0,
    blocked=1.0,
    waited=4.0,
    overlap=4 / 3,
    peak=2,
    blocking_calls=(BlockingCall("call", "time.sleep", "/home/ada/pages.py", 9, "work", 1.0, "Task-2", at=0.0),),
    spans=(
        span("main", 0.0, 4.0, queues=((0.0, 4.0),)),
        span("work", 0.0, 2.0, task="Task-2", waits=((1.0, 2.0),)),
        span("fetch('a')", 1.0, 3.0, task="Task-3", waits=((1.0, 3.0),), outcome="cancelled"),
        span("left", 3.0, 4.0, task="Task-4", waits=((3.0, 4.0),), outcome="leaked"),
        span("boom", 3.0, 4.0, task="Task-5", outcome="error"),
    ),
)


def picture(text):
    return textwrap.dedent(text).strip("\n")


def test_one_after_another_at_80_columns():
    assert drawing(ONE_AFTER_ANOTHER, title="sequential_await", width=80, root="/home/ada") == picture("""
        sequential_await · took 6.0 s · longest wait 2.0 s in fetch #1
          overlap 1.0 of 3.0
         load     ▕░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░▏ 6.0  pages.py:18
         fetch #1 ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒                                  ▏ 2.0  pages.py:19
         fetch #2 ▕                 ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒                 ▏ 2.0  pages.py:20
         fetch #3 ▕                                  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▏ 2.0  pages.py:21
                   0       1        2       3        4       5        6 s
         ▒ waits  ░ queues
    """)


def test_every_state_at_40_columns():
    assert drawing(EVERY_STATE, width=40, root="/home/ada") == picture("""
        took 4.0 s · loop blocked for 1.0 s
          longest wait 2.0 s in fetch('a')
          overlap 1.3 of 2.0
         main       ▕░░░░░░░░░░░░░░░░░░░░░░▏ 4.0
         work       ▕▓▓▓▓▓▓▒▒▒▒▒           ▏ 2.0
         fetch('a') ▕     ▒▒▒▒▒▒▒▒▒▒▒✗     ▏ 2.0
         left       ▕                ▒▒▒▒▒!▏ 1.0
         boom       ▕                █████↯▏ 1.0
                     0    1     2    3     4 s
         █ runs  ▒ waits  ░ queues
         ▓ loop blocked  ✗ cancelled  ! leaked
         ↯ failed
    """)


def test_every_state_at_40_columns_in_ascii():
    assert drawing(EVERY_STATE, width=40, ascii_only=True, root="/home/ada") == picture("""
        took 4.0 s; loop blocked for 1.0 s
          longest wait 2.0 s in fetch('a')
          overlap 1.3 of 2.0
         main       |......................| 4.0
         work       |BBBBBB=====           | 2.0
         fetch('a') |     ===========x     | 2.0
         left       |                =====!| 1.0
         boom       |                #####*| 1.0
                     0    1     2    3     4 s
         # runs  = waits  . queues
         B loop blocked  x cancelled  ! leaked
         * failed
    """)


def test_at_200_columns_only_the_bars_grow():
    wide = drawing(EVERY_STATE, width=200, root="/home/ada").splitlines()
    assert {columns(line) for line in wide if "pages.py" in line} == {200}
    assert all(columns(line) <= 200 for line in wide)


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("run", [ONE_AFTER_ANOTHER, EVERY_STATE])
def test_colour_adds_colour_and_nothing_else(run, width, ascii_only):
    plain = drawing(run, width=width, ascii_only=ascii_only)
    coloured = drawing(run, width=width, ascii_only=ascii_only, colour=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert coloured != plain
    assert "\x1b" not in plain
    assert all(columns(line) <= width for line in plain.splitlines())
    assert plain.isascii() == ascii_only


def test_a_colour_for_each_stretch():
    assert "\x1b[1;31m▓▓▓▓▓▓\x1b[0m\x1b[34m▒▒▒▒▒\x1b[0m" in drawing(EVERY_STATE, width=40, colour=True)


def test_folds_repeats_and_keeps_those_that_explain():
    fetches = [span(f"fetch({n})", 0.0, 1.0, task=f"T{n}", waits=((0.0, 1.0),)) for n in range(1000)]
    fetches[700] = span("fetch(700)", 0.0, 4.0, task="T700", waits=((0.0, 4.0),))
    fetches[900] = span("fetch(900)", 0.0, 0.5, task="T900", waits=((0.0, 0.5),), outcome="cancelled")
    run = Run(elapsed=4.0, spans=(span("main", 0.0, 4.0, queues=((0.0, 4.0),)), *fetches))
    names = [line.partition("▕")[0].strip() for line in drawing(run).splitlines() if "▕" in line]
    assert names[0] == "main"
    assert sorted(names[1:]) == ["fetch ×997", "fetch(0)", "fetch(700)", "fetch(900)"]  # noqa: RUF001


def test_what_is_folded_keeps_its_mark():
    ends = ["ok", "cancelled", "ok", "error", "leaked"]
    fetches = [
        span("fetch", 0.0, 1.0, task=f"T{n}", line=n, waits=((0.0, 1.0),), outcome=ends[n % 5]) for n in range(100)
    ]
    run = Run(elapsed=4.0, spans=(span("main", 0.0, 4.0, queues=((0.0, 4.0),)), *fetches))
    folded = sorted(re.findall(r"(×\d+) ▕▒+([✗!↯]?)", drawing(run)))  # noqa: RUF001
    assert folded == [("×19", "!"), ("×19", "↯"), ("×19", "✗"), ("×40", "")]  # noqa: RUF001


def test_says_how_many_it_left_out():
    spans = [span(f"f{n}", 0.0, float(n), waits=((0.0, float(n)),)) for n in range(1, 40)]
    lines = drawing(Run(elapsed=39.0, spans=tuple(spans))).splitlines()
    assert " … and 15 more spans" in lines
    assert any("f39 " in line for line in lines), "the longest explain most"


def test_a_test_that_waits_alone_at_the_end_does_not_squeeze_the_rest():
    run = Run(
        elapsed=61.0,
        waited=70.0,
        overlap=1.1,
        spans=(
            span("test_it", 0.0, 61.0, waits=((1.0, 61.0),), queues=((0.0, 1.0),), outcome="error"),
            span("release", 0.0, 1.0, queues=((0.0, 1.0),), outcome="error"),
            span("install", 0.0, 9.0, task="Task-2", waits=((0.0, 9.0),)),
        ),
    )
    assert drawing(run, width=60, root="/home/ada") == picture("""
        took 61.0 s
         test_it ▕░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒…↯▏ 61.0  pages.py:19
         release ▕░░↯                            ▏  1.0  pages.py:19
         install ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▏  9.0  pages.py:19
                  0     2      4      6      8 s
         ▒ waits  ░ queues  ↯ failed  … goes on alone
    """)


def test_nothing_to_see():
    assert drawing(Run()) == ""
    assert drawing(Run(elapsed=0.1, spans=(span("test_sum", 0.0, 0.1),))) == ""


def test_no_time_has_passed():
    run = Run(spans=(span("main", 0.0, 0.0), span("boom", 0.0, 0.0, outcome="error")))
    assert drawing(run, width=40, root="/home/ada").splitlines()[1:3] == [
        " main ▕█                           ▏ 0.0",
        " boom ▕↯                           ▏ 0.0",
    ]


def test_real_milliseconds():
    run = Run(elapsed=0.0468, spans=(span("main", 0.0, 0.0468, waits=((0.0, 0.03),)),))
    text = drawing(run, width=60)
    assert "took 46.8 ms" in text
    assert "40 ms" in text
    assert " 46.8" in text


def test_digits_are_grouped():
    run = Run(elapsed=2_500_000.0, spans=(span("main", 0.0, 2_500_000.0, waits=((0.0, 2_500_000.0),)),))
    lines = drawing(run, width=80).splitlines()
    assert lines[0] == "took 2,500,000 s"
    assert lines[1].endswith("▏ 2,500,000  /home/ada/pages.py:19")
    assert lines[2].split() == ["0", "1,000,000", "2,000,000", "s"]


STALLS = Run(
    clock="virtual",
    elapsed=2.0,
    blocked=0.42,
    waited=2.0,
    overlap=1.0,
    peak=1,
    blocking_calls=(
        BlockingCall("stall", "", "/home/ada/pages.py", 4, "parse", 0.31, "Task-2", at=2.0),
        BlockingCall("stall", "", "/home/ada/pages.py", 7, "tick", 0.11, "", at=1.0),
        BlockingCall("call", "open", "/home/ada/pages.py", 8, "set_up", 0.01, ""),
    ),
    spans=(
        span("main", 0.0, 2.0, line=9, queues=((0.0, 2.0),)),
        span("parse", 0.0, 2.0, task="Task-2", line=10, waits=((0.0, 2.0),), outcome="error"),
    ),
)


def test_a_stall_that_takes_no_virtual_time_is_a_mark_with_its_real_seconds():
    assert drawing(STALLS, width=80, root="/home/ada") == picture("""
        took 2.0 s · loop blocked for 420 ms
         main  ▕░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░▏ 2.0                 pages.py:9
         parse ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▓↯▏ 2.0  ▓ 310 ms real  pages.py:10
         tick  ▕                   ▓                   ▏ 0.0  ▓ 110 ms real  pages.py:7
                0        0.5       1         1.5       2 s
         ▒ waits  ░ queues  ▓ loop blocked  ↯ failed
    """)
    assert "real" not in drawing(STALLS, width=40), "where there is no room, the mark and the sum have to do"


def test_on_the_real_clock_a_stall_is_as_long_as_it_was():
    """It is first seen a while after it began, so what comes before belongs to it where nothing else does."""
    run = Run(
        elapsed=1.0,
        blocking_calls=(BlockingCall("stall", "", "/home/ada/pages.py", 4, "parse", 0.5, "Task-1", at=0.51),),
        spans=(span("parse", 0.0, 1.0, waits=((0.0, 0.5),)),),
    )
    assert "▕▒▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▓▓▓▏" in drawing(run, width=40)


def test_a_blocking_call_belongs_to_the_function_that_made_it():
    call = BlockingCall("stall", "", "/home/ada/pages.py", 4, "Client.fetch", 0.3, "Task-1", at=2.0)
    run = Run(
        clock="virtual",
        elapsed=4.0,
        blocking_calls=(call,),
        spans=(
            span("load", 0.0, 4.0, queues=((0.0, 4.0),)),
            span("fetch('a') #1", 0.0, 2.0, waits=((0.0, 2.0),)),
            span("store", 2.0, 4.0, waits=((2.0, 4.0),)),
        ),
    )
    marked = [line for line in drawing(run, width=120).splitlines() if "real" in line]
    assert [line.split("▕")[0].strip() for line in marked] == ["fetch('a') #1"]


def test_a_long_label_keeps_what_tells_it_from_the_others():
    names = ["download('users')", "download('orders')", "download('https://example.org') #2", "download_all ×97"]  # noqa: RUF001
    run = Run(elapsed=1.0, spans=tuple(span(name, 0.0, 1.0, waits=((0.0, 1.0),)) for name in names))
    shown = [line[1:13] for line in drawing(run, width=40).splitlines() if "▕" in line]
    assert shown == ["do…('users')", "d…('orders')", "d…('http… #2", "downloa… ×97"]  # noqa: RUF001
    shown = [line[1:13] for line in drawing(run, width=40, ascii_only=True).splitlines() if "|" in line]
    assert shown == ["do~('users')", "d~('orders')", "d~('http~ #2", "downloa~ x97"]


def test_a_short_function_is_not_padded_where_its_argument_is_cut():
    names = ["b(1000000000000000)", "b('a\x1b[2Jbcdefgh')"]
    run = Run(elapsed=1.0, spans=tuple(span(name, 0.0, 1.0, waits=((0.0, 1.0),)) for name in names))
    shown = [line[1:13] for line in drawing(run, width=40).splitlines() if "▕" in line]
    assert shown == ["b(100000000…", "b('a\\x1b[2J…"]


def test_labels_cannot_break_the_picture():
    run = Run(
        elapsed=1.0,
        spans=(
            span("f('\x1b[2J\n')", 0.0, 1.0, waits=((0.0, 1.0),)),
            span("取る('東京')", 0.0, 1.0, waits=((0.0, 1.0),)),
        ),
    )
    text = drawing(run, width=60)
    assert "\x1b" not in text
    bars = [line for line in text.splitlines() if "▕" in line]
    assert len(bars) == 2
    assert len({columns(line.partition("▕")[0]) for line in bars}) == 1
    assert drawing(run, width=60, ascii_only=True).isascii()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0, "0.0 s"), (0.00025, "250 µs"), (0.5, "500 ms"), (0.99949, "999 ms"), (0.9996, "1.0 s")]
)
def test_a_duration_has_the_unit_that_fits(seconds, said):
    assert duration(seconds) == said
