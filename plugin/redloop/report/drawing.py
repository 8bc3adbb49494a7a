"""The timeline for a terminal: one bar for each span, on one axis of loop time."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redloop.report.rows import rows_of
from redloop.report.terminal import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from redloop.record import Run, Span
    from redloop.report.rows import Row

NARROWEST = 40
MOST_ROWS = 24
STATES = ("blocked", "waits", "queues", "runs")  # of two that fill a cell alike, the first is drawn
MOST_ALONE = 0.5
"""Where the last part in which only the test waits is longer than this share of the whole, it is not drawn."""
SHORTEST = 2
"""So many columns are left of a function's name where its argument would take them all."""
_LABEL = re.compile(r"([^( ]+)(\(.*\))?( [#×x]\d+)?")  # noqa: RUF001 - a times sign
MARKS = ("cancelled", "leaked", "error")
WORDS = {
    "runs": "runs",
    "waits": "waits",
    "queues": "queues",
    "blocked": "loop blocked",
    "cancelled": "cancelled",
    "leaked": "leaked",
    "error": "failed",
    "more": "goes on alone",
}
COLOURS = {
    "runs": "32",
    "waits": "34",
    "queues": "90",
    "blocked": "1;31",
    "cancelled": "33",
    "leaked": "1;31",
    "error": "31",
}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a drawing. No two states look alike without colour."""

    cells: Mapping[str, str]
    edges: tuple[str, str]
    dot: str
    more: str


UNICODE = Glyphs(
    {
        "runs": "█",
        "waits": "▒",
        "queues": "░",
        "blocked": "▓",
        "cancelled": "✗",
        "leaked": "!",
        "error": "↯",
        "": " ",
    },
    edges=("▕", "▏"),
    dot=" · ",
    more="…",
)
ASCII = Glyphs(
    {
        "runs": "#",
        "waits": "=",
        "queues": ".",
        "blocked": "B",
        "cancelled": "x",
        "leaked": "!",
        "error": "*",
        "": " ",
    },
    edges=("|", "|"),
    dot="; ",
    more="~",
)
IN_ASCII = str.maketrans("×µ…", "xu~")  # noqa: RUF001 - that is the point


def drawing(
    run: Run, *, title: str = "", width: int = 80, colour: bool = False, ascii_only: bool = False, root: str = ""
) -> str:
    """The timeline of `run`, at most `width` columns wide (never under 40), or `""` where there is nothing to see.

    Paths are shown from `root`. Colour repeats what the characters say.
    """
    glyphs = ASCII if ascii_only else UNICODE
    width = max(width, NARROWEST)
    rows, hidden = rows_of(run, MOST_ROWS)
    if not any(row.waits or row.queues or row.blocked or row.moments or row.outcome in MARKS for row in rows):
        return ""
    total = worth_drawing(rows, max(run.elapsed, *(row.end for row in rows)))
    unit, scale = ("s", 1) if total >= 1 or not total else ("ms", 1e3) if total >= 1e-3 else ("µs", 1e6)
    names = [plain(row.name, ascii_only=ascii_only) for row in rows]
    numbers = [number((row.end - row.start) * scale) for row in rows]
    places = [plain(place(row.filename, row.lineno, root), ascii_only=ascii_only) for row in rows]
    marks = [_real_seconds(row, glyphs) for row in rows]

    left = min(max(map(columns, names)), max(8, width * 3 // 10))
    middle = max(map(len, numbers))
    bar = width - left - middle - 5
    tails = [""] * len(rows)
    for columns_of_text in (marks, places):  # as far as there is room for them
        right = 2 + max(map(columns, columns_of_text))
        if right > 2 and bar - right >= max(16, width // 3):
            bar -= right
            tails = [f"{tail}  {text:<{right - 2}}" for tail, text in zip(tails, columns_of_text, strict=True)]

    pictures = [cells(row, total, bar) for row in rows]
    told = facts(run, title, alone=total < run.elapsed)
    lines = list(wrapped((plain(fact, ascii_only=ascii_only) for fact in told), glyphs.dot, width, indent=True))
    lines = [fit(line, width, glyphs.more).rstrip() for line in lines]
    for name, picture, length, tail in zip(names, pictures, numbers, tails, strict=True):
        painted = "".join(painted_cells(picture, glyphs, colour=colour))
        begin, end = glyphs.edges
        lines.append(f" {label(name, left, glyphs.more)} {begin}{painted}{end} {length:>{middle}}{tail}".rstrip())
    lines.append(" " * (left + 3) + axis(total * scale, unit, bar))
    if hidden:
        lines.append(f" {glyphs.more} and {hidden} more {'span' if hidden == 1 else 'spans'}")
    used = set(itertools.chain(*pictures))
    said = [f"{glyphs.cells.get(key, glyphs.more)} {word}" for key, word in WORDS.items() if key in used]
    lines += [f" {line}" for line in wrapped(said, "  ", width - 1)]
    return "\n".join(lines).translate(IN_ASCII if ascii_only else {})


def worth_drawing(rows: Sequence[Row], total: float) -> float:
    """When the drawing may end: a test that waits alone for a long time, to see what comes, would squeeze the rest."""
    first, *others = rows
    last = max((row.end for row in others), default=0.0)
    alone = (
        first.start == 0.0 and first.end == total and not any(at > last for at, _ in (*first.moments, *first.blocked))
    )
    return last if alone and 0.0 < last < total * MOST_ALONE else total


def facts(run: Run, title: str = "", *, alone: bool = False) -> Iterator[str]:
    """What the picture comes to, in a few words each. Where the test waits `alone` at the end, that counts most."""
    if title:
        yield title
    yield f"took {duration(run.elapsed)}"
    if run.blocked:
        yield f"loop blocked for {duration(run.blocked)}"
    waiting = [span for span in run.spans if span.waits]
    if len(waiting) > 1 and not alone:
        longest = max(waiting, key=waited)
        yield f"longest wait {duration(waited(longest))} in {longest.name}"
        yield f"overlap {run.overlap:.1f} of {run.waited / waited(longest):.1f}"


def waited(span: Span) -> float:
    """Loop seconds for which one span waited."""
    return sum(end - start for start, end in span.waits)


def cells(row: Row, total: float, size: int) -> list[str]:
    """What a row shows in each of `size` cells of its bar: a state, a mark, or nothing. At least one is filled."""
    step = total / size if total else 1.0
    shares = {state: list(_shares(getattr(row, state), step, size)) for state in STATES}
    seen = []
    for i in range(size):
        state = max(STATES, key=lambda state: shares[state][i])
        seen.append(state if sum(shares[state][i] for state in STATES) >= 0.5 else "")
    if not any(seen):
        state = max(STATES, key=lambda state: sum(shares[state]))
        seen[min(int(row.start / step + 1e-9), size - 1)] = state if sum(shares[state]) else "runs"
    last = max(i for i, state in enumerate(seen) if state)
    for at, _ in row.moments:
        seen[min(int(at / step + 1e-9), size - 1)] = "blocked"
    if row.end > total * (1 + 1e-9):
        seen[-2:] = ["more", "more"]
    if row.outcome in MARKS:
        if row.moments and last and seen[last] == "blocked":
            seen[last - 1] = "blocked"  # both are to be seen
        seen[last] = row.outcome
    return seen


def _real_seconds(row: Row, glyphs: Glyphs) -> str:
    """For how long the row blocked the loop, where its bar cannot show that."""
    held = sum(seconds for _, seconds in row.moments)
    return f"{glyphs.cells['blocked']} {duration(held)} real" if row.moments else ""


def _shares(intervals: Iterable[tuple[float, float]], step: float, size: int) -> Iterator[float]:
    """How much of each cell the intervals fill, from 0 to 1."""
    shares = [0.0] * (size + 1)
    for start, end in intervals:
        first, last = start / step, end / step
        for i in range(int(first), min(int(last) + 1, size)):
            shares[i] += min(last, i + 1) - max(first, i)
    return iter(shares[:size])


def painted_cells(picture: Sequence[str], glyphs: Glyphs, *, colour: bool) -> Iterator[str]:
    """The characters of a bar, with a colour for each stretch of the same kind."""
    for key, stretch in itertools.groupby(picture):
        text = glyphs.cells.get(key, glyphs.more) * len(list(stretch))
        yield f"\x1b[{COLOURS[key]}m{text}\x1b[0m" if colour and key in COLOURS else text


def axis(total: float, unit: str, size: int) -> str:
    """Round times under the bar, as many as there is room for, and the unit after the last."""
    if not total:
        return f"0 {unit}"
    magnitude = 10.0 ** (len(str(int(total))) - 1) if total >= 1 else 0.1
    steps = [magnitude * factor for factor in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)]
    widest = len(f"{total:,.0f}" if total >= 1000 else f"{total:.3g}") + 4
    step = next((step for step in steps if size * step / total >= widest), total)
    line = ""
    for i in range(int(total / step + 1e-9) + 1):
        at = int(i * step / total * size + 1e-9)
        line = line.ljust(min(at, size)) + f"{i * step:,.10g}"
    return f"{line} {unit}"


def number(value: float) -> str:
    """A number of units for people: `6.0`, `0.25`, `46.4`, `120`, `49,950`."""
    if value >= 99.95:
        return f"{value:,.0f}"
    exact = f"{value:.2f}".removesuffix("0")
    return exact if value < 9.995 or abs(float(exact) - value) < 1e-9 else f"{value:.1f}"


_NEARLY_A_SECOND = 0.9995  # 1,000 ms is none


def duration(seconds: float) -> str:
    """A duration with its unit."""
    if seconds >= _NEARLY_A_SECOND or not seconds:
        return f"{number(seconds)} s"
    return f"{number(seconds * 1e3)} ms" if seconds >= 1e-3 else f"{number(seconds * 1e6)} µs"


def wrapped(pieces: Iterable[str], between: str, width: int, *, indent: bool = False) -> Iterator[str]:
    """Pieces in lines of at most `width` columns; a longer piece has a line to itself."""
    line = ""
    for piece in pieces:
        if line and columns(line + between + piece) > width:
            yield line
            line = "  " + piece if indent else piece
        else:
            line = f"{line}{between}{piece}" if line else piece
    if line:
        yield line


def plain(text: str, *, ascii_only: bool) -> str:
    """Text that cannot move the cursor, or change colours; in ASCII where that is asked for."""
    text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return text.translate(IN_ASCII).encode("ascii", "backslashreplace").decode() if ascii_only else text


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)


def label(name: str, size: int, more: str) -> str:
    """A span's name in exactly `size` columns: what tells it from others of its function is the last to be cut."""
    parts = _LABEL.fullmatch(name)
    if parts is None or columns(name) <= size:
        return fit(name, size, more)
    function, argument, count = parts.groups(default="")
    if argument:
        function = cut(function, max(SHORTEST, size - columns(argument + count)), more)
    return fit(function + argument, size - columns(count), more) + count


def fit(text: str, size: int, more: str) -> str:
    """Text in exactly `size` columns."""
    text = cut(text, size, more)
    return text + " " * (size - columns(text))


def cut(text: str, size: int, more: str) -> str:
    """Text in at most `size` columns."""
    if columns(text) <= size:
        return text
    while columns(text) > size - 1:
        text = text[:-1]
    return text + more
