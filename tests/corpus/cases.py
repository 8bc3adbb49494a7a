"""What a case of the corpus is: a coroutine function that does one thing, and what the detector must say of it.

The line that must be named is the one with the comment `# <-` inside the case's own source.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Run = Callable[[], Awaitable[object]]

Kind = Literal["stall", "call", "cpu", "clean"]
MARK = "# <-"


@dataclass(frozen=True)
class Case:
    """`kind`: `stall` blocks for `seconds`, `cpu` for as long as it computes, `call` shortly, `clean` not at all.

    `call` is what the report must name; empty where any name will do. `imports` are modules that it needs, and that are
    to be loaded before the loop runs.
    """

    name: str
    family: str
    kind: Kind
    run: Run
    call: str = ""
    seconds: float = 0.0
    lines: frozenset[int] = frozenset()
    imports: tuple[str, ...] = ()


CASES: dict[str, Case] = {}


def case(
    family: str, kind: Kind, call: str = "", seconds: float = 0.0, imports: tuple[str, ...] = ()
) -> Callable[[Run], Run]:
    """Add a coroutine function to the corpus under its own name."""

    def add(function: Run) -> Run:
        lines = marked(function)
        if kind != "clean" and not lines:
            raise ValueError(f"{function.__name__}: no line is marked with {MARK}")
        put(Case(function.__name__, family, kind, function, call, seconds, lines, imports))
        return function

    return add


def put(new: Case) -> None:
    """Add a case. Raises ValueError for a name that is taken."""
    if new.name in CASES:
        raise ValueError(f"two cases are called {new.name}")
    CASES[new.name] = new


def marked(function: Callable[..., object]) -> frozenset[int]:
    """The numbers of the marked lines of a function."""
    source, first = inspect.getsourcelines(function)
    return frozenset(first + index for index, line in enumerate(source) if line.rstrip().endswith(MARK))
