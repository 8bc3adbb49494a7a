"""Detection of what blocks an event loop: calls by name, however short, and stalls, whatever their cause.

`Detector` watches every loop that runs while it is installed. Nothing is raised at a call: what is seen is recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import contextmanager
from os import PathLike, getcwd
from typing import TYPE_CHECKING, get_args

from redloop.blocking.allowed import STALL as STALL
from redloop.blocking.allowed import objection as objection
from redloop.blocking.comments import Comment as Comment
from redloop.blocking.comments import comments_of as comments_of
from redloop.blocking.detector import Detector as Detector
from redloop.blocking.scope import Level as Level
from redloop.blocking.scope import Scope as Scope
from redloop.blocking.source import installed_project as installed_project
from redloop.blocking.source import roots_of as roots_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redloop.record import BlockingCall

__all__ = [
    "STALL",
    "Comment",
    "Detector",
    "Level",
    "Scope",
    "comments_of",
    "detect",
    "installed_project",
    "objection",
    "roots_of",
]


@contextmanager
def detect(
    *, threshold: float = 0.05, calls: Level = "all", allow: Sequence[str] = (), source: Sequence[str] = ()
) -> Iterator[Sequence[BlockingCall]]:
    """Record what blocks the event loop inside the `with` block, round `asyncio.run(…)` or inside a coroutine.

    Yields a live sequence of `BlockingCall`, complete when the block ends. `threshold` is in seconds. `source` says
    what counts as your own code: paths, and packages that can be imported; without it, all outside the standard library
    and site-packages. `allow` names calls that are not reported: `"time.sleep"`, or `"package.module:time.sleep"` for
    one module's; `"stall"` stands for steps that were too long without such a call. A comment allows them on its line:
    `# redloop: allow[time.sleep] the driver has no async`. Raises ValueError for a source that does not exist, a name
    that no report ever shows, and other values that cannot be, and TypeError for what is no list of names.
    """
    for name, given in (("allow", allow), ("source", source)):
        if isinstance(given, str):
            raise TypeError(f"{name} is a list of names: {name}=[{given!r}]")
        if not (isinstance(given, Iterable) and all(isinstance(one, str | PathLike) for one in given)):
            raise TypeError(f"{name} is a list of names, not {given!r}")
    if calls not in get_args(Level):
        raise ValueError(f"calls is one of {', '.join(get_args(Level))}, not {calls!r}")
    if not isinstance(threshold, int | float) or threshold is True or not threshold > 0:
        raise ValueError(f"threshold is a number of seconds above 0, not {threshold!r}")
    detector = Detector(scope=Scope(roots_of(source, getcwd()), level=calls), threshold=threshold, allow=allow)
    detector.install()
    try:
        yield detector.calls
    finally:
        detector.uninstall()
        for fault in detector.faults:  # nobody else's exception, nor a warning that may become one
            sys.stderr.write(f"redloop: {fault}\n")
