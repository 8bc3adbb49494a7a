"""A schedule as a short text: the Python it ran on, the scenario it belongs to, and its choices."""

from __future__ import annotations

import functools
import hashlib
import inspect
import math
import re
import sys
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"  # once: a test may say that this is another
_FORMAT = re.compile(r"(\d+\.\d+)-([0-9a-f]{8})-(\d+(?:\.\d+)?(?:e[-+]\d+)?)-(0|\d{1,7}x\d{1,7}(?:\.\d{1,7}x\d{1,7})*)")


def check_lateness(lateness: float) -> None:
    """Raise ValueError for seconds by which no loop can be late."""
    if not 0 <= lateness < math.inf:
        raise ValueError(f"lateness is a number of seconds from 0, not {lateness!r}")


@dataclass(frozen=True, slots=True)
class Token:
    """A schedule: `3.13-9f2c1a7b-0.05-12x1.40x2`.

    On Python 3.13, a scenario with this hash, at a lateness of 0.05 s: at choice 12 way 1, at choice 40 way 2, and
    everywhere else the default, way 0.
    """

    python: str
    code: str
    lateness: float
    choices: tuple[int, ...]

    @classmethod
    def of(cls, scenario: Callable[..., Any], lateness: float, choices: Sequence[int]) -> Token:
        """The token for a schedule of `scenario` on this Python."""
        return cls(_PYTHON, code_hash(scenario), lateness, tuple(choices))

    @classmethod
    def parse(cls, text: str) -> Token:
        """Read what `str` wrote. Raises ValueError for anything else."""
        match = _FORMAT.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            example = Token("3.13", "9f2c1a7b", 0.0, (0, 2))
            raise ValueError(f"{text!r} is no token of a schedule; one looks like {example}")
        python, code, lateness, listed = match.groups()
        places = {int(index): int(way) for index, way in re.findall(r"(\d+)x(\d+)", listed)}
        choices = [places.get(index, 0) for index in range(max(places, default=-1) + 1)]
        return cls(python, code, float(lateness), tuple(choices))

    def __str__(self) -> str:
        places = ".".join(f"{index}x{choice}" for index, choice in enumerate(self.choices) if choice)
        lateness = repr(float(self.lateness)).removesuffix(".0")  # by its last digit two timers may be apart
        return f"{self.python}-{self.code}-{lateness}-{places or 0}"

    def differences(self, scenario: Callable[..., Any]) -> str:
        """Why this token may lead elsewhere here, in a sentence; `""` where it should not."""
        here = Token.of(scenario, 0.0, ())
        reasons = []
        if self.python != here.python:
            reasons.append(f"it was made on Python {self.python}, and this is {here.python}")
        if self.code != here.code:
            reasons.append("the code of the scenario has changed since")
        return f"The token may lead to another schedule here: {', and '.join(reasons)}." if reasons else ""


def code_hash(scenario: Callable[..., Any]) -> str:
    """Eight hex digits for what the code of a function does."""
    while isinstance(scenario, functools.partial):
        scenario = scenario.func
    scenario = inspect.unwrap(scenario)
    code = getattr(scenario, "__code__", None) or getattr(type(scenario).__call__, "__code__", None)
    digest = hashlib.sha256()
    for part in _parts(code):
        digest.update(part.encode())
    return digest.hexdigest()[:8]


def _parts(code: Any) -> Iterator[str]:
    """What the code does, the same in every process: no addresses, no line numbers, and sets in order."""
    if isinstance(code, CodeType):
        yield code.co_code.hex()
        yield repr(code.co_names)
        for constant in code.co_consts:
            yield from _parts(constant)
    else:
        yield repr(sorted(map(repr, code)) if isinstance(code, frozenset) else code)
