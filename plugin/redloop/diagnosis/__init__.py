"""What went wrong between tasks: who is blocked, on what, since which line; and what a test left behind."""

from __future__ import annotations

from redloop.diagnosis.blocked import anyone_waits_for_a_primitive as anyone_waits_for_a_primitive
from redloop.diagnosis.blocked import describe_deadlock as describe_deadlock
from redloop.diagnosis.blocked import describe_tasks as describe_tasks
from redloop.diagnosis.blocked import goes_on as goes_on
from redloop.diagnosis.circles import untie as untie
from redloop.diagnosis.holders import track_holders as track_holders
from redloop.diagnosis.leaks import LeakWatch as LeakWatch
from redloop.diagnosis.leaks import never_awaited as never_awaited
from redloop.diagnosis.leaks import noting_never_awaited as noting_never_awaited
from redloop.diagnosis.leaks import tracking_origins as tracking_origins
from redloop.diagnosis.lost import LostWatch as LostWatch
from redloop.diagnosis.where import stands_at as stands_at
from redloop.diagnosis.where import threads_in_own_code as threads_in_own_code


class DeadlockError(AssertionError):
    """Every task waits, and nothing is left that could wake one. The message names each task, and what it waits for.

    Raised out of `loop.run_forever()` (so out of `asyncio.run`), where no task's `except` can swallow it. The loop
    stays usable: cancel what is left, and run it to its end.
    """


class LivelockError(AssertionError):
    """The loop turns and turns while its clock stands still. The message names the line that ran most.

    Raised like `DeadlockError`.
    """
