"""What a test left behind: tasks still pending, coroutines that nobody awaited.

Tasks are remembered by weak references only. A task that waits on something private dies when nobody holds it, and has
to go on doing so: "keep a reference to your tasks" is a lesson, and a recorder that keeps them would spoil it.
"""

from __future__ import annotations

import asyncio
import linecache
import sys
import traceback
import warnings
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redloop.diagnosis.blocked import in_a_deadlock
from redloop.diagnosis.circles import untie
from redloop.diagnosis.where import is_own, own_frames, task_label
from redloop.record import Leak
from redloop.tasks import coroutine_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_TURNS = 1000
"""How many turns `drain` gives a task that never stops asking for another one."""
BLIND_TURNS = 20
"""How many it gives a loop that does not show what is ready (uvloop)."""
ROUNDS = 3
GRACE = 1.0


class LeakWatch:
    """Tells the tasks that came into being on one loop since it was made, and are still pending."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._before = weakref.WeakSet(asyncio.all_tasks(loop))

    def has_leftovers(self) -> bool:
        """Whether any task is left, those included that a deadlock's report has told of."""
        return bool(self._tasks())

    def leaks(self) -> tuple[Leak, ...]:
        """The tasks left, in the order they were named in, each with the line that made its coroutine.

        Not those in a deadlock: its report has said of each where it stands.
        """
        return _leaks(task for task in self._tasks() if not in_a_deadlock(task))

    def names(self, counts: Callable[[Leak], bool]) -> list[str]:
        """The loop's names of those tasks left whose leak counts."""
        return [task.get_name() for task in self._tasks() if not in_a_deadlock(task) and counts(_leak(task))]

    def left(self) -> list[str]:
        """The loop's names of all tasks left."""
        return [task.get_name() for task in self._tasks()]

    def forgive(self) -> None:
        """Count the tasks that exist by now as ones that were there before: a fixture of a wider scope made them."""
        self._before.update(asyncio.all_tasks(self._loop))

    async def drain(self) -> None:
        """Let the loop turn until nothing more is ready; the clock does not move, and no timer comes due early."""
        ready = getattr(self._loop, "_ready", None)
        for turn in range(MAX_TURNS if ready is not None else BLIND_TURNS):
            await asyncio.sleep(0)
            if turn and ready is not None and not ready:  # from the second turn on the kernel has been asked too
                return

    async def cancel_leftovers(self) -> tuple[Leak, ...]:
        """Cancel what was left and wait until it has ended, so that the next test starts with a clean loop.

        Returns the tasks that would not end, though they were cancelled `ROUNDS` times and had `GRACE` seconds of loop
        time after each. An exception that one raises meanwhile is reported by asyncio, as never retrieved.
        """
        for _ in range(ROUNDS):
            tasks = self._tasks()
            if not tasks:
                return ()
            if untie(tasks):
                await asyncio.sleep(0)  # one task of each circle ends
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=GRACE)
            del tasks, task
        return _leaks(self._tasks())

    def _tasks(self) -> set[asyncio.Task[Any]]:
        current = asyncio.current_task(self._loop) if self._loop.is_running() else None
        return asyncio.all_tasks(self._loop) - set(self._before) - {current}


def _leaks(tasks: Iterable[asyncio.Task[Any]]) -> tuple[Leak, ...]:
    return tuple(sorted(map(_leak, tasks), key=lambda leak: leak.name))


def _leak(task: asyncio.Task[Any]) -> Leak:
    return Leak("task", task_label(task), *_made_at(coroutine_of(task)))


def _made_at(coroutine: Any) -> tuple[str, int]:
    """The (filename, line) that made a coroutine; where that was not tracked, the one where it is, or its `def`.

    Its `def` too where asyncio made it, as it does with what `start_server` is given: nothing of asyncio's is to mend.
    """
    code = getattr(coroutine, "cr_code", None) or getattr(coroutine, "gi_code", None)
    if origin := getattr(coroutine, "cr_origin", None):
        filename, lineno, _ = origin[0]
        if is_own(filename) or code is None or not is_own(code.co_filename):
            return filename, lineno
    else:
        for frame in own_frames(coroutine)[:1]:
            return frame.f_code.co_filename, frame.f_lineno
    return (code.co_filename, code.co_firstlineno) if code is not None else ("<unknown>", 0)


@contextmanager
def tracking_origins() -> Iterator[None]:
    """Have coroutines remember the line that made them, on this thread: the one frame that a leak's line needs.

    The warning that one was never awaited goes on to read as it does where nobody tracks that: a test may compare it.
    """
    depth = sys.get_coroutine_origin_tracking_depth()
    warn = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]  # noqa: SLF001 - what CPython itself calls
    is_pythons = getattr(warn, "__module__", None) in {"warnings", "_py_warnings"}
    ours = _warn_as_ever if depth == 0 and is_pythons else warn
    warnings._warn_unawaited_coroutine = ours  # type: ignore[attr-defined]  # noqa: SLF001
    sys.set_coroutine_origin_tracking_depth(max(depth, 1))
    try:
        yield
    finally:
        sys.set_coroutine_origin_tracking_depth(depth)
        if warnings._warn_unawaited_coroutine is ours:  # type: ignore[attr-defined]  # noqa: SLF001
            warnings._warn_unawaited_coroutine = warn  # type: ignore[attr-defined]  # noqa: SLF001


def _warn_as_ever(coroutine: Any) -> None:
    """Warn that a coroutine was never awaited, without the line that made it unless somebody else asked for that.

    In Python's words, and not by its function: that would name the line here.
    """
    text = f"coroutine '{coroutine.__qualname__}' was never awaited"
    origin = coroutine.cr_origin or ()
    if len(origin) > 1:  # asyncio's debug mode has ten of them noted
        made = [(file, line, name, linecache.getline(file, line)) for file, line, name in reversed(origin)]
        lines = traceback.format_list(made)
        text = "".join([text, "\nCoroutine created at (most recent call last)\n", *lines]).rstrip("\n")
    warnings.warn(text, RuntimeWarning, stacklevel=2, source=coroutine)


@contextmanager
def noting_never_awaited(note: Callable[[Leak], None]) -> Iterator[None]:
    """Note the coroutines that nobody awaited, if their warnings get past the filters and past `pytest.warns`.

    pytest reports warnings only after the test's reports are out, so this looks in where it collects them. The message
    itself goes on untouched.
    """
    collect = warnings._showwarnmsg_impl  # type: ignore[attr-defined]  # noqa: SLF001 - what catch_warnings replaces

    def look_in(message: warnings.WarningMessage) -> None:
        if (leak := never_awaited(message)) is not None:
            note(leak)
        collect(message)

    warnings._showwarnmsg_impl = look_in  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield
    finally:
        if warnings._showwarnmsg_impl is look_in:  # type: ignore[attr-defined]  # noqa: SLF001
            warnings._showwarnmsg_impl = collect  # type: ignore[attr-defined]  # noqa: SLF001


def never_awaited(message: warnings.WarningMessage) -> Leak | None:
    """The leak that a warning tells of, if it is the one of a coroutine that was never awaited.

    CPython gives the coroutine along as the warning's `source` (`warnings._warn_unawaited_coroutine`).
    """
    coroutine: Any = message.source
    if message.category is not RuntimeWarning or getattr(coroutine, "cr_code", None) is None:
        return None
    filename, lineno = message.filename, message.lineno
    if coroutine.cr_origin:
        filename, lineno, _ = coroutine.cr_origin[0]
    return Leak("never awaited", f"{coroutine.__qualname__.rpartition('>.')[2]}()", filename, lineno)
