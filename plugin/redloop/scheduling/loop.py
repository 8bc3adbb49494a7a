"""The one loop object on which schedule after schedule is run, and reset between them.

asyncio's primitives bind themselves to a loop object, and a lock that is kept in a module or a class is a right answer.
On a new loop for each schedule it would be "bound to a different event loop" in the first one that has to wait for it.
"""

# ruff: noqa: SLF001 - resetting a loop is touching what it keeps to itself

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from redloop.clock import RESOLUTION, VirtualLoop
from redloop.real_time import perf_counter
from redloop.scheduling.ready import Endless, Guide, Ready
from redloop.scheduling.repeatable import repeatable, start_over
from redloop.scheduling.search import Follow

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from contextvars import Context

    Scenario = Callable[[], Coroutine[Any, Any, object]]

CLEANING = 10
"""How often leftover tasks are cancelled before they are given up: cleaning up may create new ones."""
CLEANING_STEPS = 1_000
"""A task that makes so many steps after its cancellation never ends."""
MOST_INTERRUPTS = 100
"""One for each task that was interrupted, or awaits one that was: asyncio hands an interrupt on."""
HEAD_START = 0.05
"""Seconds, real ones: so long a job for another thread is waited for as soon as it is handed over."""


class _Ordered:
    """Hashed by the order of creation: asyncio iterates over sets of tasks, and addresses differ from run to run."""

    ordinal: int

    def __hash__(self) -> int:
        return self.ordinal


class Task(_Ordered, asyncio.Task[Any]):
    """A task that has the same hash, and the same name, in every run of the same schedule."""

    def __init__(self, ordinal: int, coro: Coroutine[Any, Any, Any], *, name: str | None = None, **kwargs: Any) -> None:
        self.ordinal = ordinal
        super().__init__(coro, name=f"Task-{ordinal}" if name is None else name, **kwargs)


class Future(_Ordered, asyncio.Future[Any]):
    """A future that has the same hash in every run of the same schedule."""


class ScheduleLoop(VirtualLoop):
    """A virtual loop that can, while it is not running, run one scenario in many schedules.

    Outside of `exploring` it is a VirtualLoop like any other.
    """

    def __init__(self) -> None:
        super().__init__()
        self.quiet = False
        self._heard = threading.Event()  # from another thread
        self._lateness = 0.0
        self._futures_made = 0
        self._interrupt: BaseException | None = None
        self._guide: Guide | None = None
        self._order: Ready | None = None
        self._others: set[object] = set()

    @contextlib.contextmanager
    def exploring(self, lateness: float = 0.0) -> Iterator[None]:
        """Have schedules run inside the block, with timers up to `lateness` seconds late.

        What is there already (the time, and the tasks, connections and generators of a wider fixture) stands still
        meanwhile. Raises RuntimeError inside a running event loop.
        """
        from redloop.clock.sleep import sleeping_moves
        from redloop.diagnosis import track_holders

        check_no_loop_runs()
        own = ("_ready", "_scheduled", "_timer_cancelled_count", "_now", "_lag", "_clock_resolution", "_asyncgens")
        state = {name: getattr(self, name) for name in own}
        factory, handler = self.get_task_factory(), self.get_exception_handler()
        self._others = {*asyncio.all_tasks(self), *self._transports.values(), *self._selector.get_map()}  # type: ignore[attr-defined]
        try:
            self._ready = self._order = Ready()
            self._asyncgens: WeakSet[Any] = WeakSet()
            self._lateness = lateness
            self._reset()
            with sleeping_moves(self), track_holders(), repeatable(self):
                yield  # all of that once, instead of once a schedule
        finally:
            vars(self).update(state)
            self.set_task_factory(factory)
            self.set_exception_handler(handler)
            self._order, self._others, self.quiet = None, set(), False

    def run(self, scenario: Scenario, guide: Guide) -> BaseException | None:
        """Run one schedule from time 0, and clean up behind it; returns what the scenario raised.

        Raises KeyboardInterrupt and SystemExit, after the cleaning, and TypeError for a scenario that is no coroutine
        function.
        """
        coro = scenario() if callable(scenario) else None
        if not inspect.iscoroutine(coro):
            raise TypeError(f"a scenario is an `async def` without arguments, not called yet; {scenario!r} is none")
        assert self._order is not None, "schedules run inside `exploring`"  # noqa: S101
        self._guide = self._order.guide = guide
        start_over()
        failure: BaseException | None = None
        try:
            with guide:
                self.run_until_complete(coro)
        except (KeyboardInterrupt, SystemExit):
            raise
        except Endless as endless:
            failure = self._never_ends(endless.steps)
        except BaseException as error:  # noqa: BLE001 - pytest's own failures are no Exceptions, and nor is a cancellation
            failure = error
        finally:
            self._guide = self._order.guide = None
            self._reset()
        return failure

    # -- what makes a schedule the same each time

    def create_task(  # type: ignore[override]  # 3.14 has more keywords
        self, coro: Any, *, name: str | None = None, context: Context | None = None, **kwargs: Any
    ) -> Any:
        """Like every loop's `create_task`, in a `Task` of ours. The scenario's own task factory has precedence."""
        factory = self.get_task_factory()
        eager = factory is not None and factory is getattr(asyncio, "eager_task_factory", None)
        if self._order is None or not (factory is None or eager):
            return super().create_task(coro, name=name, context=context, **kwargs)
        self._check_closed()  # type: ignore[attr-defined]
        self._order.tasks_seen += 1
        if eager:
            kwargs["eager_start"] = True
        return Task(self._order.tasks_seen, coro, loop=self, name=name, context=context, **kwargs)

    def _new_future(self) -> asyncio.Future[Any]:
        if self._order is None:
            return super()._new_future()
        self._futures_made += 1
        future = Future(loop=self)
        future.ordinal = self._futures_made
        return future

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Log what nobody handled, unless `quiet`: once is enough, it need not be said in every schedule."""
        if not self.quiet:
            super().default_exception_handler(context)

    def jump(self, due: float) -> None:
        """Move the clock to the timer at `due`, or to a later one within the lateness, as the guide says."""
        if self._guide is not None and self._lateness:
            last = round(due + self._lateness, 9)
            timers: list[asyncio.TimerHandle] = self._scheduled
            dues = {round(t.when(), 9): t.when() for t in timers if not t.cancelled() and round(t.when(), 9) <= last}
            if len(dues) > 1:
                times = [dues[key] for key in sorted(dues)]
                due = times[self._guide.next_time(times)]
        super().jump(due)

    def longest_sleep(self) -> float:
        """`time.sleep` takes no real time in a schedule, unless something outside the loop may need it."""
        return super().longest_sleep() if self._order is None or self.outside_work() else 0.0

    # -- what is decided elsewhere

    @property
    def met_outside(self) -> bool:
        """Whether this loop has ever had to do with sockets, threads or processes: they decide too."""
        return self._virtual.outside.met

    def call_soon_threadsafe(  # type: ignore[override]  # typed as the one that it calls
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Like every loop's."""
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        self._heard.set()
        return handle

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]  # likewise
        """Like every loop's; a short job is done at once, so that it does not matter how fast its thread was.

        When the task that awaits it goes on is the guide's choice, as always.
        """
        self._heard.clear()
        future = super().run_in_executor(executor, func, *args)
        if self._order is not None:
            due, started = self.next_timer(), perf_counter()
            self._heard.wait(HEAD_START if due is None else max(0.0, min(HEAD_START, self.real_seconds_left(due))))
            self.waited(perf_counter() - started)
        return future

    def _never_ends(self, steps: int) -> BaseException:
        """What to call a schedule that was broken off after so many steps."""
        from redloop.diagnosis import DeadlockError, LivelockError, anyone_waits_for_a_primitive, describe_tasks

        after = f"after {steps - 1:,} steps, at {self.time():g} s"
        if anyone_waits_for_a_primitive(self):
            return DeadlockError(
                f"deadlock: {after}, tasks wait that nobody wakes, though others go on and on.\n"
                f"{describe_tasks(self, stuck=True)}"
            )
        return LivelockError(
            f"livelock: {after}, this schedule has no end in sight: somebody polls for what does not come.\n"
            f"{describe_tasks(self)}"
        )

    # -- between two schedules

    def _reset(self) -> None:
        if leftover := asyncio.all_tasks(self) - self._others:
            self._cancel(leftover)
        if self._asyncgens:
            self._finish(self.shutdown_asyncgens())
            self._asyncgens_shutdown_called = False  # or each generator of the next schedules would be warned about
        self._drop_io()
        self._scheduled: list[asyncio.TimerHandle] = []
        self._timer_cancelled_count = 0
        self._ready.clear()
        self._futures_made = 0
        self._now = self._lag = 0.0
        self._clock_resolution = RESOLUTION
        self.set_task_factory(None)
        self.set_exception_handler(None)
        if (interrupt := self._interrupt) is not None:
            self._interrupt = None
            raise interrupt

    def _cancel(self, leftover: set[asyncio.Task[Any]]) -> None:
        assert self._order is not None  # noqa: S101 - leftovers are a schedule's
        self._order.guide = limit = Follow(most_steps=CLEANING_STEPS)
        for _ in range(CLEANING):
            tasks = sorted(leftover, key=hash)
            for task in tasks:
                task.cancel()
            self._finish(asyncio.wait(tasks))
            leftover = asyncio.all_tasks(self) - self._others
            if not leftover or limit.steps > limit.most_steps:
                break
        self._order.guide = None
        for task in leftover:  # it neither ends nor lets itself be cancelled
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with contextlib.suppress(BaseException):
                task.get_coro().close()

    def _finish(self, coro: Coroutine[Any, Any, object]) -> None:
        """Run it to its end, though a task that an interrupt has hit hands it on to whoever awaits that task."""
        task = self.create_task(coro)
        for _ in range(MOST_INTERRUPTS):
            try:
                self.run_until_complete(task)
            except (KeyboardInterrupt, SystemExit) as interrupt:
                self._interrupt = interrupt
                if not task.done():
                    continue
            except Exception:  # noqa: BLE001, S110 - the schedule is over, and what it came to is known
                pass
            break
        if not task.done():
            task.cancel()

    def _drop_io(self) -> None:
        """Close what the scenario left open, so that no event of this schedule arrives in the next."""
        if transports := set(self._transports.values()) - self._others:  # type: ignore[attr-defined]
            for transport in transports:
                transport.abort()
            self._finish(asyncio.sleep(0))
        for fd in set(self._selector.get_map()) - self._others:  # type: ignore[attr-defined]
            reader, _ = self._selector.get_key(fd).data  # type: ignore[attr-defined]
            if reader is not None and reader._callback == self._accept_connection:  # type: ignore[attr-defined]
                self._stop_serving(reader._args[1])  # type: ignore[attr-defined]  # a server's socket, which it closes
            else:
                self._selector.unregister(fd)  # type: ignore[attr-defined]


def check_no_loop_runs() -> None:
    """Raise RuntimeError inside a running event loop."""
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("schedules run on a loop of their own, and one is running here: call this from sync code")


@contextlib.contextmanager
def schedule_loop() -> Iterator[ScheduleLoop]:
    """A loop for the schedules of one scenario, closed at the end. Raises RuntimeError where a loop is running."""
    check_no_loop_runs()
    with contextlib.closing(ScheduleLoop()) as loop:
        yield loop
