"""What a line of code is allowed by its comment: `# redloop: allow[time.sleep] the driver has no async`.

A file is read when something blocked in it, and no sooner.
"""

from __future__ import annotations

import difflib
import linecache
import re
import tokenize
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from redloop.blocking.allowed import Allowed, objection
from redloop.blocking.loops import outside_of_the_loop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TO_US = re.compile(
    r"#\s*redloop(?::|(?=\s+allow\s*\[))\s*([^#]*(?:#\d[^#]*)*)"
)  # what another tool is told behind it is no reason; an issue's number is
_ALLOW = re.compile(r"allow\s*\[([^\]]+)\]\s*(.*)")
_HOW = "write # redloop: allow[time.sleep] and, behind it, why that may block"
_OUTSIDE = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment at `filename:lineno` that allows the calls of `names` in its statement, on the lines `first` to `last`.

    `mistake` says why it allows nothing; then `names` is empty.
    """

    filename: str
    lineno: int
    first: int
    last: int
    names: tuple[str, ...] = ()
    mistake: str = ""


_known: dict[str, tuple[list[str], tuple[Comment, ...]]] = {}


def comments_of(filename: str) -> tuple[Comment, ...]:
    """The comments of a file; none where there is no such file."""
    with outside_of_the_loop():
        lines = linecache.getlines(filename)
    known = _known.get(filename)
    if known is None or known[0] is not lines:  # linecache has read it anew
        found = tuple(_read(filename, lines)) if any(map(_TO_US.search, lines)) else ()
        known = _known[filename] = lines, found
    return known[1]


def allowing(filename: str, lineno: int, calls: Iterable[str], module: str) -> tuple[int, str] | None:
    """The line of the comment, and the name in it, that allow this line of `module` a call; `calls` are its names."""
    for comment in comments_of(filename):
        if comment.first <= lineno <= comment.last:
            for name in comment.names:
                if Allowed([name]).covers(calls, module):
                    return comment.lineno, name
    return None


def _read(filename: str, lines: list[str]) -> Iterator[Comment]:
    first = 0  # the line on which the statement began that is being read
    waiting: list[Comment] = []
    try:
        for token in tokenize.generate_tokens(iter(lines).__next__):
            if token.type == tokenize.COMMENT:
                if (found := _parsed(filename, token.start[0], token.string)) is not None and first:
                    waiting.append(found)
                elif found is not None:
                    alone = "stands on a line of its own and allows nothing: write it behind the code that may block"
                    yield replace(found, names=(), mistake=found.mistake or alone)
            elif token.type == tokenize.NEWLINE:
                yield from (replace(comment, first=first, last=token.end[0]) for comment in waiting)
                first, waiting = 0, []
            elif token.type not in _OUTSIDE:
                first = first or token.start[0]
    except (SyntaxError, tokenize.TokenError):  # it is not the Python that runs: a template, or changed meanwhile
        return


def _parsed(filename: str, lineno: int, text: str) -> Comment | None:
    found = _TO_US.search(text)
    said = found[1].strip() if found else ""
    if not difflib.get_close_matches(re.split(r"\W", said)[0], ["allow"], cutoff=0.7):
        return None  # somebody writes about redloop, and not to it
    comment = Comment(filename, lineno, lineno, lineno)
    parts = _ALLOW.fullmatch(said)
    if parts is None:
        return replace(comment, mistake=f"allows nothing: {_HOW}")
    names = tuple(name.strip() for name in parts[1].split(","))
    if why := next(filter(None, map(objection, names)), ""):
        return replace(comment, mistake=f"allows nothing: {why}")
    if not parts[2]:
        allow = f"allow[{parts[1]}]"
        why = f"Say why, as in # redloop: {allow} the driver has no async"
        return replace(comment, mistake=f"{allow} gives no reason, so it allows nothing. {why}")
    return replace(comment, names=names)
