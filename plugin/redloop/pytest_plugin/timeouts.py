"""Ends a test whose event loop never comes back, as a failure with the line.

pytest-timeout gives the seconds; its own blow does not do here. The exception that it raises from SIGALRM is swallowed
by asyncio wherever a background task or a callback happens to be running: the test then passes, or hangs for good. A
subclass of KeyboardInterrupt is passed on by tasks, callbacks and hypothesis alike (a SystemExit is not: hypothesis
catches it and shrinks for a minute). The timer repeats, because code may swallow that one too.

A loop that turns raises it in a callback of its own. Between two steps it has taken a handle off its queue and not
called it yet; what is raised there loses the handle, and a task that is never woken again cannot be cancelled either.
"""

from __future__ import annotations

import inspect
import linecache
import re
import signal
import sys
import threading
import weakref
from contextlib import ExitStack
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from redloop.pytest_plugin.virtual import clock_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import FrameType

    import pytest

    from redloop.blocking import Scope

REPEAT = 1.0
"""Seconds between two blows, for code that swallows the first."""
SOON = 0.05
"""Seconds between two blows once the test has been judged."""
CAUSES = """\
Either this is more work than there is time for: give the test less to do, or a longer time-out. Or a task looks again
and again for what never comes (`while not …: await asyncio.sleep(…)`): await the thing itself, an Event, a Future, the
task. To see which, run this test alone with ten times the time-out."""
FOR_EVER = """\
If it waits for another task, it waits for ever:
use something that can be awaited (asyncio.Lock, asyncio.Queue, …) or `await asyncio.to_thread(…)`."""
AT_ONCE = """\
An await lets others run
only if there is something to wait for. It goes on at once from an event that is set, a lock that is free, a coroutine
that never waits itself: clear the event, or put `await asyncio.sleep(0)` into the loop."""
AWAITS = re.compile(r"\bawait\b")
_HAS_ALARM = sys.platform != "win32"  # asked once: a test may say that it is another system
ECHO = "a task that an earlier test's time-out had hit ended in this one"


class LoopTimeout(KeyboardInterrupt):
    """The test's seconds are over while its event loop runs. Never seen outside the plugin."""


class Blow:
    """The timer of one test."""

    def __init__(self, item: pytest.Item, settings: Any, scope: Scope) -> None:
        self.item = item
        self.settings = settings
        self.scope = scope
        self.text: str | None = None
        self._asked = self._turns = False
        self._left = False  # to the loop, which raises in its next turn
        self._armed = False  # pytest-timeout stops a test's timer when it fails; then SIGALRM would end the process
        self._hit: list[weakref.ref[asyncio.Task[Any]]] = []

    def arm(self) -> Callable[[], None]:
        """Start the timer; returns what stops it and puts the old handler back."""
        from redloop.diagnosis import track_holders

        tracking = ExitStack()
        tracking.enter_context(track_holders())
        old = signal.signal(signal.SIGALRM, self._strike)
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, self.settings.timeout, REPEAT)

        def disarm() -> None:  # called once more when the test has failed
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old)
            tracking.close()

        return disarm

    def take(self) -> str:
        """What to say of the blow that landed; what comes next (the test's tear-down) has the full time again."""
        text, self.text = self.text or ECHO, None
        self._asked = self._turns = self._left = False
        for task in filter(None, (reference() for reference in self._hit)):
            if task.done() and not task.cancelled():
                task.exception()  # looked at, so that asyncio does not log it as never retrieved
        self.unhurry()
        return text

    def hurry(self) -> None:
        """Strike again soon: the test is over, and what it left blocks the loop while it is being tidied up."""
        if self._armed:
            signal.setitimer(signal.ITIMER_REAL, SOON, SOON)

    def unhurry(self) -> None:
        """Give what comes next the full time."""
        if self._armed:
            signal.setitimer(signal.ITIMER_REAL, self.settings.timeout, REPEAT)

    def _strike(self, signum: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        import asyncio

        import pytest_timeout

        from redloop.blocking.engine import ENGINE
        from redloop.blocking.lines.places import step_of

        if not self.settings.disable_debugger_detection and pytest_timeout.is_debugging():
            return
        del signum
        loop = asyncio._get_running_loop()  # noqa: SLF001 - documented for C extensions; never raises in a handler
        if loop is None:
            signal.setitimer(signal.ITIMER_REAL, 0)  # no loop to get out of: exactly what pytest-timeout would do
            with ENGINE.without_thread():  # it prints the stacks of all
                pytest_timeout.timeout_sigalrm(self.item, self.settings)
            return
        held = self._left  # and did not come to it
        if self.text is None:
            step = step_of(frame)
            if not self._asked and (step is not None or self._own(frame) is not None):
                self._ask(loop)
                return
            held = self._asked and not self._turns
            self.text = self._of_waiting(loop) if self._turns else self._describe(frame, step, loop)
        if not held:
            self._leave_to(loop)
            return
        if (task := asyncio.current_task(loop)) is not None:
            self._hit.append(weakref.ref(task))
        raise LoopTimeout

    def _ask(self, loop: Any) -> None:
        """Give the loop a moment to show whether it turns: a task that polls may be hit in its own line, too."""
        self._asked, self._turns = True, False

        def turned() -> None:
            self._turns = True

        loop.call_soon_threadsafe(turned)
        signal.setitimer(signal.ITIMER_REAL, SOON, REPEAT)

    def _leave_to(self, loop: Any) -> None:
        """Have the loop raise in its next turn; the next blow raises wherever it lands if that has not come."""
        self._left = True

        def end() -> None:
            left, self._left = self._left, False
            if left:  # else the test ended by itself, and this is another one's turn
                signal.setitimer(signal.ITIMER_REAL, REPEAT, REPEAT)
                raise LoopTimeout

        loop.call_soon_threadsafe(end)
        signal.setitimer(signal.ITIMER_REAL, SOON, REPEAT)

    def _own(self, frame: FrameType | None) -> FrameType | None:
        """The innermost line of the suite's own in the step that is going on."""
        while frame is not None and not self.scope.owns(frame.f_code.co_filename):
            # Below the loop's own frame stands who runs the loop, and that is nobody's fault.
            frame = frame.f_back if frame.f_code.co_name not in {"_run_once", "run_forever"} else None
        return frame

    def _describe(self, frame: FrameType | None, step: FrameType | None, loop: Any) -> str:
        """What to say of a loop that does not turn: `frame` is the innermost one, `step` the one of the step."""
        own = self._own(frame)
        if own is not None:
            return self._of_line(own.f_code.co_filename, own.f_lineno, own.f_code.co_name)
        if step is None or frame is None:
            return self._of_waiting(loop)
        from redloop.blocking.lines.hindsight import function_of
        from redloop.blocking.lines.places import innermost, walk
        from redloop.blocking.lines.scheduled import scheduled

        function = function_of(step)
        within = [position for position in walk(frame) if not position.module.startswith("redloop")]
        place = innermost(tuple(within) or scheduled(function, loop), self.scope)
        if place is not None:
            return self._of_line(place.filename, place.lineno, place.function)
        return self._of_holder(f"a callback of the loop's, {inspect.unwrap(function)!r}")

    def _of_waiting(self, loop: Any) -> str:
        import asyncio

        from redloop.diagnosis import describe_tasks, goes_on, stands_at, threads_in_own_code

        outside = loop.outside_work() if clock_of(loop) == "virtual" else []
        work = [one.what for one in outside]
        runs = _still_runs(loop, work)
        what = "its tasks still run" if runs else "every task is still waiting"
        lines = [f"the time-out of {self.settings.timeout:g} s is over, and {what}:", describe_tasks(loop)]
        if clock_of(loop) == "virtual":
            lines.append(_of_virtual_time(loop, work, runs=runs))
            lines += (f"  {one.what} is at {where}" for one in outside if (where := stands_at(one.thread)))
        else:
            lines += (f"  {where}" for where in threads_in_own_code())
        if runs and not any(map(goes_on, asyncio.all_tasks(loop))):  # else the cause has been said
            lines.append(CAUSES)
        return "\n".join(lines)

    def _of_line(self, filename: str, lineno: int, function: str) -> str:
        from redloop.report import terminal

        where = terminal.place(filename, lineno, str(self.item.config.rootpath))
        source = linecache.getline(filename, lineno).strip()
        cure = AT_ONCE if AWAITS.search(_statement(linecache.getlines(filename)[lineno - 1 :])) else FOR_EVER
        return self._of_holder(f"{where} in {function}: {source}", cure)

    def _of_holder(self, holder: str, cure: str = FOR_EVER) -> str:
        held = f"the event loop has not run for {self.settings.timeout:g} s: it is held by"
        return f"{held}\n  {holder}\nNothing else can run until that line lets go. {cure}"


def _statement(lines: list[str]) -> str:
    """The first of these lines, with what is indented below it: of a loop, a blow hits its head or its body."""
    head, *others = lines or [""]
    indent = len(head) - len(head.lstrip())
    return head + "".join(takewhile(lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent, others))


def _still_runs(loop: Any, work: list[str]) -> bool:
    """Whether a task runs, or is about to. A virtual loop for which nothing outside is at work never waits."""
    import asyncio

    if asyncio.current_task(loop) is not None or (clock_of(loop) == "virtual" and not work):
        return True
    awaited: list[Any] = [getattr(task, "_fut_waiter", task) for task in asyncio.all_tasks(loop)]
    return any(future is None or future.done() for future in awaited)


def _of_virtual_time(loop: Any, work: list[str], *, runs: bool) -> str:
    """Why a virtual loop came to a time-out, though it never waits but for work outside."""
    clock = f"Its clock stands at {loop.time():,.6g} s, and "
    if not work:
        return f"{clock}no thread, process or peer is at work."
    if runs:
        return f"{clock}outside of it there is still at work: {', '.join(work)}."
    return f"{clock}it waits in real time for what may still wake a task: {', '.join(work)}."


def can_strike(settings: Any) -> bool:
    """Whether SIGALRM can end a test here: pytest-timeout's `signal` method, on the main thread, not on Windows."""
    return settings.method == "signal" and _HAS_ALARM and threading.current_thread() is threading.main_thread()
