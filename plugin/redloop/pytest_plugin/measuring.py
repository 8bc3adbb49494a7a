"""The `stopwatch` fixture: what one block of async code cost, on the event loop's own clock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from redloop.pytest_plugin.body import Stretch
from redloop.record import BlockingCall, Leak, Run, Span

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from redloop.blocking import Detector
    from redloop.pytest_plugin.session import Session
    from redloop.timeline import Recorder


class Reading:
    """The measures of the block under `with stopwatch() as run`: so far while it runs, final once it has ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop, detector: Detector | None, recorder: Recorder | None) -> None:
        from redloop.diagnosis import LeakWatch

        self._detector, self._recorder = detector, recorder
        self._first_call = len(detector.settle()) if detector else 0
        self._leaks = LeakWatch(loop)
        self._stretch = Stretch(loop, recorder)
        self._final: Run | None = None

    def _run(self) -> Run:
        if self._final is not None:
            return self._final
        calls: tuple[BlockingCall, ...] = ()
        if self._detector:
            self._detector.settle()
            calls = self._detector.since(self._first_call)
        blocked = round(sum(call.seconds for call in calls), 9)
        measures = self._stretch.measures()  # from here on its start is known, where it was not
        return Run(
            **measures,
            blocked=blocked,
            blocking_calls=self._stretch.counted(calls),
            leaks=self._leaks.leaks(),
            spans=self._stretch.spans(),
        )

    def _recorded(self) -> Run:
        __tracebackhide__ = True
        if self._recorder is None:
            raise RuntimeError("nobody recorded who waited: this test runs with redloop's timeline=never")
        return self._run()

    @property
    def clock(self) -> str:
        """`virtual` or `real`: the clock that `elapsed` was read from."""
        return self._run().clock

    @property
    def elapsed(self) -> float:
        """Loop seconds from the start of the block to its end (or to now)."""
        return self._run().elapsed

    @property
    def busy(self) -> float:
        """CPU seconds that the loop's thread used."""
        return self._run().busy

    @property
    def waited(self) -> float:
        """The sum, over all spans, of waiting for something outside the program's tasks, in loop seconds.

        This and the next three raise RuntimeError where the timeline is `never`.
        """
        __tracebackhide__ = True
        return self._recorded().waited

    @property
    def overlap(self) -> float:
        """`waited` divided by the time in which at least one span was waiting; 0.0 when none was."""
        __tracebackhide__ = True
        return self._recorded().overlap

    @property
    def peak(self) -> int:
        """The most spans that were waiting at one instant."""
        __tracebackhide__ = True
        return self._recorded().peak

    @property
    def spans(self) -> tuple[Span, ...]:
        """The coroutines that ran inside the block, in the order of their start."""
        __tracebackhide__ = True
        return self._recorded().spans

    @property
    def blocked(self) -> float:
        """Real seconds for which blocking calls kept the event loop from running."""
        __tracebackhide__ = True
        return sum(call.seconds for call in self.blocking_calls)

    @property
    def blocking_calls(self) -> tuple[BlockingCall, ...]:
        """The calls that blocked the event loop, in order. Raises RuntimeError where blocking is `off`."""
        __tracebackhide__ = True
        if self._detector is None:
            raise RuntimeError("nobody watched for blocking calls: this test runs with redloop's blocking=off")
        return self._run().blocking_calls

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Tasks that were created inside the block and are still pending at its end."""
        return self._run().leaks

    def _stop(self) -> None:
        self._stretch.end()
        self._final = self._run()


class Stopwatch(Protocol):
    """What the `stopwatch` fixture is: `async def test_page(stopwatch: redloop.Stopwatch)`."""

    def __call__(self) -> AbstractContextManager[Reading]:
        """Measure the block of a `with`. Raises RuntimeError where no event loop is running."""


def stopwatch_for(session: Session) -> Stopwatch:
    """A stopwatch that asks `session` who watches the test which is running now."""

    @contextmanager
    def measuring(loop: asyncio.AbstractEventLoop) -> Iterator[Reading]:
        reading = Reading(loop, session.detector(), session.recorder())
        try:
            yield reading
        finally:
            reading._stop()  # noqa: SLF001 - only the stopwatch may stop its reading

    def stopwatch() -> AbstractContextManager[Reading]:
        __tracebackhide__ = True  # the mistake is in the line that calls this
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "stopwatch() reads the event loop's clock, and no event loop is running here: "
                "use it inside an `async def` test"
            ) from None
        return measuring(loop)

    return stopwatch
