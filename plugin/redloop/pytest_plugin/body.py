"""What a test's body did on its event loop: from the recorder's spans to a `Run`."""

from __future__ import annotations

import dataclasses
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redloop.pytest_plugin.virtual import clock_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator

    from redloop.record import BlockingCall, Span
    from redloop.timeline import Recorder


class Stretch:
    """One stretch of loop time: it begins when this is made, on the thread that runs the loop.

    `loop` is None where nobody knows it beforehand (a sync test that calls `asyncio.run`, another plugin's runner):
    then it is the one on which most happened. `is_async`: whatever loop it is, it runs from here to the end.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop | None, recorder: Recorder | None, *, is_async: bool = False
    ) -> None:
        self._loop, self._recorder = loop, recorder
        self._real = self._real_end = time.monotonic()  # what asyncio's own loops, and uvloop, count
        self._whole = is_async and loop is None and (recorder is None or not recorder.sees_all)
        self._start = loop.time() if loop is not None else 0.0
        self._cpu = time.thread_time()
        self._end: tuple[float, float] | None = None
        self.found_a_loop = False
        """Whether there was one, where nobody knew beforehand."""
        self._extent: tuple[int, float, float] | None = None

    def counted(self, calls: Iterable[BlockingCall]) -> tuple[BlockingCall, ...]:
        """Blocking calls with their loop times counted from the start."""
        return tuple(
            call if call.at is None else dataclasses.replace(call, at=round(call.at - self._start, 9)) for call in calls
        )

    def end(self) -> None:
        """Read the clocks; happens once."""
        if self._end is None:
            now = self._loop.time() if self._loop is not None and not self._loop.is_closed() else self._start
            self._end = now, time.thread_time()
            self._real_end = time.monotonic()

    def measures(self) -> dict[str, Any]:
        """What was measured, up to the end or now, by its name in a `Run`, but for the spans."""
        end, cpu = self._end or (self._loop.time() if self._loop is not None else 0.0, time.thread_time())
        loop = id(self._loop)
        measured: dict[str, Any] = {}
        if self._loop is not None:
            measured["clock"] = clock_of(self._loop)
        elif self._recorder is not None and (extent := self._recorder.extent()) is not None:
            self.found_a_loop = True
            loop, self._start, end = extent
        if self._whole:
            self._start, end = self._real, self._real_end
        self._extent = loop, self._start, end
        measured.update(elapsed=round(end - self._start, 9), busy=round(cpu - self._cpu, 6))
        if self._recorder is not None and (waits := self._recorder.waits(*self._extent)):
            from redloop.timeline import figures

            measured["waited"], measured["overlap"], measured["peak"] = figures(waits)
        return measured

    def spans(self, leaked: Iterable[str] = ()) -> tuple[Span, ...]:
        """The spans of what `measures` has measured last. `leaked` are the names of tasks."""
        if self._recorder is None or self._extent is None:
            return ()
        return self._recorder.spans(*self._extent, leaked)


def new_recorder(is_own: Any) -> Recorder:
    """A recorder of the coroutines in the suite's own files."""
    from redloop.timeline import Recorder

    return Recorder(is_own)


@contextmanager
def recording(recorder: Recorder, *, thorough: bool) -> Iterator[None]:
    """Have the recorder installed while the block runs, and nothing from before in it."""
    recorder.install(thorough=thorough)
    recorder.clear()
    try:
        yield
    finally:
        recorder.pause()
