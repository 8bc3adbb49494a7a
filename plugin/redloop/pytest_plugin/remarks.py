"""What is wrong with the comments that allow blocking calls: a mistake, another call, or that nothing needs one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redloop.blocking import STALL, comments_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from redloop.blocking import Comment
    from redloop.record import BlockingCall


def remarks(
    files: Iterable[str],
    used: Collection[tuple[str, int, str]],
    calls: Collection[BlockingCall],
    *,
    is_whole: bool,
) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and what is to be said of the comment there.

    `used` are those that allowed something: file, line, name; `calls` is what was not allowed. Only a run of the whole
    suite tells that nothing needs one; and never that nothing needs `stall`: how long a step takes is up to the
    machine, too.
    """
    for file in sorted(files):
        blocked = [call for call in calls if call.filename == file]
        for comment in comments_of(file):
            needed = [name for name in comment.names if (file, comment.lineno, name) in used]
            text = comment.mistake or _what_else(comment, needed, blocked)
            if not text and is_whole:
                text = _unneeded(comment, needed)
            if text:
                yield file, comment.lineno, text


def _what_else(comment: Comment, needed: list[str], calls: Iterable[BlockingCall]) -> str:
    """That something blocked in its statement which it does not name."""
    here = (call for call in calls if comment.first <= call.lineno <= comment.last)
    others = sorted({call.call if call.kind == "call" else STALL for call in here})
    if not others:
        return ""
    allowed, to_allow = ", ".join(comment.names), ", ".join([*needed, *others])
    return f"allow[{allowed}] does not cover {' and '.join(others)} here: if it may block, write allow[{to_allow}]"


def _unneeded(comment: Comment, needed: list[str]) -> str:
    """That it names what did not block."""
    unneeded = [name for name in comment.names if name not in needed and name.rpartition(":")[2] != STALL]
    if not unneeded:
        return ""
    return f"nothing needed allow[{', '.join(unneeded)}]: if a test runs this line, take it away"
