"""What there is to tell of an exception, whatever a learner has made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


def leaves(error: BaseException) -> Iterator[BaseException]:
    """What an exception group consists of, or the exception itself."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error


def type_name(error: BaseException) -> str:
    """As a traceback names it."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def text(error: BaseException) -> str:
    """What it says; of a syntax error without the place."""
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception as failure:  # noqa: BLE001 - a learner's __str__ may raise anything
        return f"(its message cannot be shown: {type(failure).__name__})"


def lines(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    """File and line of each frame that it passed, outermost first."""
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
