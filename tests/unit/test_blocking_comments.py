"""Where a comment for redloop counts, and what is said of one that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redloop.blocking import Comment, comments_of
from redloop.blocking.comments import allowing

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
import time  # redloop: allow[import] slow, and once

def read(path):
    text = load(
        open(path),  # noqa: PTH  # redloop: allow[open, file.read] small files  # type: ignore
        time.sleep(1),
    ).strip()
    if text: time.sleep(1)  #redloop:allow [ time.sleep ] #12
    return f'''
    # redloop: allow[open] in a string {text}'''  # redloop: allow[stall] x
# redloop: has no comment here
"""


@pytest.fixture
def written(tmp_path: Path) -> str:
    path = tmp_path / "it.py"
    path.write_text(SOURCE)
    return str(path)


def test_it_counts_for_its_whole_statement(written: str) -> None:
    assert [(c.lineno, c.first, c.last, c.names, c.mistake) for c in comments_of(written)] == [
        (1, 1, 1, ("import",), ""),
        (5, 4, 7, ("open", "file.read"), ""),
        (8, 8, 8, ("time.sleep",), ""),
        (10, 9, 10, ("stall",), ""),
    ]


@pytest.mark.parametrize(
    ("lineno", "calls", "found"),
    [
        (4, ("open", "open"), (5, "open")),
        (7, ("json.load", "file.read"), (5, "file.read")),
        (6, ("time.sleep",), None),
        (8, ("time.sleep",), (8, "time.sleep")),
        (3, ("open",), None),
        (9, ("stall", ""), (10, "stall")),
    ],
)
def test_what_a_line_allows(written: str, lineno: int, calls: tuple[str, ...], found: tuple[int, str] | None) -> None:
    assert allowing(written, lineno, calls, "it") == found


@pytest.mark.parametrize(
    ("comment", "mistake"),
    [
        (
            "allow[time.sleep]",
            "so it allows nothing. Say why, as in # redloop: allow[time.sleep] the driver has no async",
        ),
        ("allow[time.sleep]  # noqa", "gives no reason"),
        ("allow[time.slep] x", "did you mean 'time.sleep'?"),
        ("allow[time.sleep, ] x", "no report ever names ''"),
        ("allow[] x", "write # redloop: allow[time.sleep] and"),
        ("allow(time.sleep) x", "write # redloop: allow[time.sleep] and"),
        ("alow[time.sleep] x", "write # redloop: allow[time.sleep] and"),
        ("allow", "write # redloop: allow[time.sleep] and"),
    ],
)
def test_a_mistake_allows_nothing(tmp_path: Path, comment: str, mistake: str) -> None:
    path = tmp_path / "it.py"
    path.write_text(f"import time\ntime.sleep(1)  # redloop: {comment}\n")
    [found] = comments_of(str(path))
    assert mistake in found.mistake
    assert found == Comment(str(path), 2, 2, 2, mistake=found.mistake)
    assert allowing(str(path), 2, ("time.sleep",), "it") is None


def test_its_colon_may_be_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "it.py"
    path.write_text("time.sleep(1)  # redloop allow[time.sleep] no async\ntime.sleep(1)  # redloop allows no [other]\n")
    assert comments_of(str(path)) == (Comment(str(path), 1, 1, 1, ("time.sleep",)),)


def test_what_is_no_python_has_no_comments(tmp_path: Path) -> None:
    path = tmp_path / "it.py"
    path.write_text("''' # redloop: allow[open] x")
    assert comments_of(str(path)) == comments_of("<string>") == comments_of(str(tmp_path / "nowhere.py")) == ()
