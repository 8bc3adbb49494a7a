"""What is wrong with the comments that allow blocking calls: a mistake in one, or that nothing needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redloop.blocking import STALL, comments_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


def remarks(
    files: Iterable[str], used: Collection[tuple[str, int, str]], *, is_whole: bool
) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and what is to be said of the comment there.

    `used` are those that allowed something: file, line, name. Only a run of the whole suite tells that nothing needs
    one; and never that nothing needs `stall`: how long a step takes is up to the machine, too.
    """
    for file in sorted(files):
        for comment in comments_of(file):
            unused = [
                name
                for name in comment.names
                if (file, comment.lineno, name) not in used and name.rpartition(":")[2] != STALL
            ]
            if comment.mistake:
                yield file, comment.lineno, comment.mistake
            elif unused and is_whole:
                yield (
                    file,
                    comment.lineno,
                    f"nothing needed allow[{', '.join(unused)}]: if a test runs this line, take it away",
                )
