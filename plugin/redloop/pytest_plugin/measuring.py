"""The `stopwatch` fixture: what one block of async code cost, on the event loop's own clock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from redloop.pytest_plugin.virtual import clock_of
from redloop.record import BlockingCall, Leak, Run

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from redloop.blocking import Detector

    Stopwatch = Callable[[], AbstractContextManager["Reading"]]


class Reading:
    """The measures of the block under `with stopwatch() as run`: so far while it runs, final once it has ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop, detector: Detector | None) -> None:
        from redloop.diagnosis import LeakWatch

        self._loop = loop
        self._detector = detector
        self._first_call = len(detector.calls) if detector else 0
        self._leaks = LeakWatch(loop)
        self._start = loop.time()
        self._final: Run | None = None

    def _run(self) -> Run:
        if self._final is not None:
            return self._final
        elapsed = round(self._loop.time() - self._start, 9)
        calls = tuple(self._detector.calls[self._first_call :]) if self._detector else ()
        return Run(
            clock=clock_of(self._loop),
            elapsed=elapsed,
            blocked=round(sum(call.seconds for call in calls), 9),
            blocking_calls=calls,
            leaks=self._leaks.leaks(),
        )

    @property
    def clock(self) -> str:
        """`virtual` or `real`: the clock that `elapsed` was read from."""
        return self._run().clock

    @property
    def elapsed(self) -> float:
        """Loop seconds from the start of the block to its end (or to now)."""
        return self._run().elapsed

    @property
    def blocked(self) -> float:
        """Real seconds for which blocking calls kept the event loop from running."""
        return sum(call.seconds for call in self.blocking_calls)

    @property
    def blocking_calls(self) -> tuple[BlockingCall, ...]:
        """The calls that blocked the event loop, in order. Raises RuntimeError where blocking is `off`."""
        if self._detector is None:
            raise RuntimeError("nobody watched for blocking calls: this test runs with redloop's blocking=off")
        return self._run().blocking_calls

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Tasks that were created inside the block and are still pending at its end."""
        return self._run().leaks

    def _stop(self) -> None:
        self._final = self._run()


def stopwatch_for(detector: Callable[[], Detector | None]) -> Stopwatch:
    """A stopwatch; `detector` gives the detector that watches the test which is running now."""

    @contextmanager
    def stopwatch() -> Iterator[Reading]:
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "stopwatch() reads the event loop's clock, and no event loop is running here: "
                "use it inside an `async def` test"
            ) from None
        reading = Reading(loop, detector())
        try:
            yield reading
        finally:
            reading._stop()  # noqa: SLF001 - only the stopwatch may stop its reading

    return stopwatch
