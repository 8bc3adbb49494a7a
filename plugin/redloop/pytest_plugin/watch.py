"""Watches one test from before its set-up until after its tear-down, and says what was found in each phase."""

from __future__ import annotations

import dataclasses
import gc
import os
import warnings
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from redloop.pytest_plugin import fixtures, virtual
from redloop.pytest_plugin.body import Stretch, recording
from redloop.pytest_plugin.options import BY_NAME
from redloop.record import BlockingCall, Explored, Leak, Run, Span, Unsure

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Iterator

    import pytest

    from redloop.blocking import Detector, Scope
    from redloop.clock.children import Children
    from redloop.diagnosis import LeakWatch, LostWatch
    from redloop.pytest_plugin.baseline import Key
    from redloop.pytest_plugin.options import Settings
    from redloop.pytest_plugin.timeouts import Blow
    from redloop.timeline import Recorder

MOST_ECHOES = 100
"""How many blows the tidying up after a time-out may take: one for each task that blocks the loop again."""


class Watch:
    """What is known about the test that runs now."""

    def __init__(self, item: pytest.Item, settings: Settings, scope: Scope, recorder: Recorder | None) -> None:
        from redloop.blocking import Detector

        self.item = item
        self.settings = settings
        self.recorder = recorder
        self._scope = scope
        self.detector: Detector | None = None
        if settings.blocking != "off":
            self.detector = Detector(scope=scope, threshold=settings.threshold, allow=settings.allow)
        self.blow: Blow | None = None
        self.leaks: list[Leak] = []
        self.left_running: list[str] = []
        self._older_tasks: set[str] = set()
        self._children: Children | None = None
        self._loops: dict[asyncio.AbstractEventLoop, tuple[LeakWatch, LostWatch]] = {}
        self._seen_calls = 0
        self._seen_leaks = 0
        self._seen_unsure = 0
        self.counts: Counter[Key] = Counter()
        """The blocking calls so far, where there is a baseline to compare them with."""
        self.has_loop_time = False
        self.reported_seconds, self.reported_leaks = 0.0, 0
        self._ended = False
        self._has_finalizer = False
        self.body = Run(clock=settings.clock)
        self._stretch: Stretch | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Everything that is patched or switched on for this test, and its way back."""
        with ExitStack() as stack:
            if self.settings.clock == "virtual":
                from redloop.clock.children import children_of_a_test

                stack.enter_context(virtual.runners_are_virtual())
                self._children = stack.enter_context(children_of_a_test())
            if self.settings.leaks != "off":
                from redloop.diagnosis import noting_never_awaited, tracking_origins

                stack.enter_context(tracking_origins())
                stack.enter_context(noting_never_awaited(self.leaks.append))
            if self.detector is not None:
                if virtual.is_async(getattr(self.item, "obj", None)):
                    self.detector.open()  # before a fixture counts the files that are open
                self.detector.install()
                stack.callback(self.detector.uninstall)
            if self.recorder is not None:
                stack.enter_context(recording(self.recorder, thorough=self.settings.clock == "virtual"))
            yield

    def watches_like(self, base: Settings) -> bool:
        """Whether this test is watched for the calls that a test without a marker is watched for."""
        levels = BY_NAME["calls"].choices
        return self.detector is not None and levels.index(self.settings.calls) >= levels.index(base.calls)

    def add_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the tasks on this loop watched from now on; those that exist already are not this test's."""
        from asyncio import all_tasks

        self._older_tasks.update(task.get_name() for task in all_tasks(loop))
        if self.settings.leaks != "off" and loop not in self._loops:
            from redloop.diagnosis import LeakWatch, LostWatch

            self._loops[loop] = LeakWatch(loop), LostWatch(loop)

    def end_of_test(self) -> None:
        """The test's body and its own fixtures are over: what still runs is a leak. Happens once."""
        if self._ended:
            return
        self._ended = True
        struck = self.blow is not None and self.blow.text is not None
        for loop, (tasks, lost) in self._loops.items():
            if not loop.is_closed() and not loop.is_running() and tasks.has_leftovers():
                if not struck:
                    self._run(loop, tasks.drain())
                self.leaks += (leak for leak in tasks.leaks() if not _is_runners_own(leak))
                self.left_running += tasks.names(lambda leak: not _is_runners_own(leak))
                if struck or self.settings.leaks == "error" or self.settings.clock == "virtual":
                    self._run(loop, tasks.cancel_leftovers())
                    self.left_running += tasks.left()
            if struck or (self.settings.leaks == "error" and self.settings.clock == "virtual"):
                gc.collect(1)  # the kata's rules: a lost exception is often part of a cycle with its own traceback
            self.leaks += lost.leaks()
            lost.stop()
        self._loops.clear()

    def _run(self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run a coroutine to its end, though tasks that a blow has hit echo it, and others block the loop again."""
        from redloop.pytest_plugin.timeouts import LoopTimeout

        task = loop.create_task(coroutine)
        for _ in range(MOST_ECHOES):
            try:
                loop.run_until_complete(task)
            except LoopTimeout:
                if self.blow is not None:
                    self.blow.hurry()
            if task.done():
                break
        if self.blow is not None:
            self.blow.unhurry()

    def fixture_set_up(self, name: str, fixturedef: pytest.FixtureDef[Any], value: object) -> None:
        """A fixture of this test is ready. pytest-asyncio's runners tell which event loops there are.

        A function-scoped runner closes its loop when it is torn down, cancelling what still runs: the last moment to
        look for leaks is right before that.
        """
        if not self._has_finalizer:
            self.finalize_with(self.item)
        if (loop := virtual.loop_of(name, value)) is not None:
            self.add_loop(loop)
            if fixturedef.scope == "function":
                fixturedef.addfinalizer(self.end_of_test)
        elif fixturedef.scope != "function":
            if self._children is not None:
                self._children.forgive()
            for tasks, lost in self._loops.values():
                tasks.forgive()
                lost.forgive()

    def finalize_with(self, item: pytest.Item) -> None:
        """Have `end_of_test` called after the tear-down of the fixtures that are set up from now on."""
        if not self._has_finalizer:
            self._has_finalizer = True
            item.addfinalizer(self.end_of_test)

    @contextmanager
    def measuring_body(self) -> Iterator[None]:
        """Round the call of the test function: its loop seconds, and its leaks where no fixture can end them."""
        if self.recorder is not None:
            self.recorder.clear()
        is_coroutine = virtual.is_async(getattr(self.item, "obj", None))
        stretch = self._stretch = Stretch(self.runner_loop(), self.recorder, is_async=is_coroutine)
        try:
            with virtual.nothing_but_virtual(self.item, self.settings):
                yield
        finally:
            stretch.end()
            if self._loops and not fixtures.may_end_tasks(self.item, self._scope.owns):
                self.end_of_test()
            if self._stretch is stretch:
                self._take(stretch)
                self.has_loop_time = is_coroutine or stretch.found_a_loop

    def _take(self, stretch: Stretch) -> None:
        """Have it be the test's body, with what is known of that beside."""
        known = {"clock": self.settings.clock, "exploration": self.body.exploration}
        self.body = Run(**{**known, **stretch.measures()})

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nobody watches inside the block: what one schedule does would be reported for each of them."""
        thorough = self.settings.clock == "virtual"
        if self.detector is not None:
            self.detector.uninstall()
        if self.recorder is not None:
            self.recorder.uninstall()
        for _, lost in self._loops.values():
            self.leaks += lost.leaks()
            lost.stop()
        loops, seen = list(self._loops), len(self.leaks)
        self._loops.clear()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    yield
                finally:
                    gc.collect()  # what is lost in a schedule is not to be found by the test that runs after it
        finally:
            del self.leaks[seen:]
            for loop in loops:
                self.add_loop(loop)
            if self.recorder is not None:
                self.recorder.install(thorough=thorough)
                self.recorder.clear()
            if self.detector is not None:
                self.detector.install()

    @contextmanager
    def measuring_schedule(self) -> Iterator[None]:
        """Round one schedule of those for which this is `paused`: what it does is what the test has done."""
        if self.recorder is not None:
            self.recorder.install(thorough=True)
            self.recorder.clear()
        self._stretch = Stretch(self.runner_loop(), self.recorder)
        try:
            yield
        finally:
            self._stretch.end()
            self._take(self._stretch)
            self.body, self.has_loop_time = dataclasses.replace(self.body, spans=self._stretch.spans()), True
            if self.recorder is not None:
                self.recorder.uninstall()

    def spans(self) -> tuple[Span, ...]:
        """The spans of the body, put together when somebody wants them: most tests nobody asks about."""
        if self.body.spans or self._stretch is None:
            return self.body.spans
        return self._stretch.spans(self.left_running)

    def explored(self, exploration: Explored) -> None:
        """Take note of what came out of the test's schedules."""
        self.body = dataclasses.replace(self.body, exploration=exploration)

    def runner_loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop that pytest-asyncio has set up for this test; None for tests that are not its own."""
        loops = [virtual.loop_of(*fixture) for fixture in getattr(self.item, "funcargs", {}).items()]
        return next((loop for loop in reversed(loops) if loop is not None), None)

    def has_news(self) -> bool:
        """Whether there is anything that `new_findings` has not handed out yet, or a comment that allowed something."""
        detector = self.detector
        return len(self.leaks) > self._seen_leaks or (
            detector is not None
            and bool(
                len(detector.calls) > self._seen_calls
                or len(detector.unsure) > self._seen_unsure
                or detector.used
                or detector.faults
            )
        )

    def new_findings(self) -> tuple[tuple[BlockingCall, ...], tuple[Leak, ...], tuple[Unsure, ...]]:
        """The blocking calls, leaks and unsure steps since the last time this was asked: those of one phase."""
        fresh: tuple[BlockingCall, ...] = ()
        unsure: list[Unsure] = []
        if self.detector is not None:
            fresh, unsure = self.detector.since(self._seen_calls), self.detector.unsure
            self._seen_calls = len(self.detector.calls)
        if self._stretch is not None:
            fresh = self._stretch.counted(fresh)
        else:  # before the body there is nothing to count from
            fresh = tuple(dataclasses.replace(call, at=None) for call in fresh)
        found = fresh, tuple(self.leaks[self._seen_leaks :]), tuple(unsure[self._seen_unsure :])
        self._seen_leaks, self._seen_unsure = len(self.leaks), len(unsure)
        return found

    def is_own(self, call: BlockingCall) -> bool:
        """Whether this test answers for it: not where another one's set-up or body made the task."""
        return call.task not in self._older_tasks


def _is_runners_own(leak: Leak) -> bool:
    """Whether this is the task in which pytest-asyncio runs the test itself, left over by a deadlock or time-out."""
    return f"{os.sep}pytest_asyncio{os.sep}" in leak.filename
