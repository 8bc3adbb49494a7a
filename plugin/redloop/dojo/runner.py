"""Judges one answer alone: a temporary folder with the set's own tests, a child process, and a verdict.

What a learner did to the tests in the workspace never decides; only the answer's text comes from there.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from redloop.dojo import verdict
from redloop.dojo.bench import Bench
from redloop.dojo.job import Job
from redloop.dojo.processes import Cold, JudgeError, Process, Warm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Verdict

PATIENCE = 12.0  # seconds without a sign of life; pytest-timeout ends a test after 5 (the kata's pytest.ini)


class InterruptedJudgement(Exception):  # noqa: N818 - nothing went wrong
    """Somebody asked for no verdict any more, by `Runner.interrupt`."""


class Runner:
    """Judges answers, up to `parallel` at a time, with warm workers that start when they are first needed."""

    def __init__(self, parallel: int = 1, *, warm: bool = hasattr(os, "fork"), patience: float = PATIENCE) -> None:
        self._patience = patience
        self._places = [_Place(Warm if warm else Cold) for _ in range(parallel)]
        self._idle: queue.LifoQueue[_Place] = queue.LifoQueue()
        for place in self._places:
            self._idle.put(place)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, and whatever they are judging on other threads."""
        self._closed = True
        for place in self._places:
            place.is_closed = True
            place.close()

    def prepare(self, exercise: Exercise) -> None:
        """Have everything ready for an answer to `exercise`, which is then judged in half the time.

        What goes wrong here is said by `judge`.
        """
        with suppress(queue.Empty):
            place = self._idle.get_nowait()
            try:
                with suppress(JudgeError, OSError):
                    place.prepare(exercise)
            finally:
                self._idle.put(place)

    def judge(self, exercise: Exercise, answer: bytes, *, timeline: bool = False, tests: Iterable[str] = ()) -> Verdict:
        """The verdict on `answer`, the text of a module; with a `timeline`, its results have the runs of their tests.

        `tests` names those to run; default: all. Raises JudgeError, SetError for a broken exercise, and
        InterruptedJudgement.
        """
        with self._place() as place:
            return self._judge(place, exercise, answer, timeline=timeline, tests=tuple(tests))

    @contextmanager
    def _place(self) -> Iterator[_Place]:
        place = self._idle.get()
        try:
            yield place
        finally:
            self._idle.put(place)

    def _judge(
        self, place: _Place, exercise: Exercise, answer: bytes, *, timeline: bool = False, tests: tuple[str, ...] = ()
    ) -> Verdict:
        start = time.monotonic()
        try:
            reply, ended = self._reply(place, exercise, answer, timeline=timeline, tests=tests)
        except BaseException:
            place.close()  # it may be in the middle of something
            raise
        if reply["ending"] == "stopped":
            raise InterruptedJudgement
        events = [json.loads(line) for line in reply["events"]]
        found = verdict.from_reply(reply, events, exercise.module, seconds=time.monotonic() - start)
        return replace(found, retried=ended)

    def judge_all(self, answers: Iterable[tuple[Exercise, bytes]]) -> Iterator[Verdict]:
        """The verdicts on many answers, in their order, judged in parallel."""
        asked = list(answers)
        told: list[Future[Verdict]] = [Future() for _ in asked]
        left = _Left(exercise for exercise, _ in asked)

        def judge_what_is_left() -> None:
            with self._place() as place:
                while (number := left.take(place.exercise)) is not None:
                    try:
                        told[number].set_result(self._judge(place, *asked[number]))
                    except BaseException as error:  # noqa: BLE001 - whoever asks for this verdict gets it
                        told[number].set_exception(error)

        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(len(self._places)))
            stack.callback(left.clear)
            stack.push(self._given_up)
            for _ in self._places[: len(asked)]:
                pool.submit(judge_what_is_left)
            for each in told:
                yield each.result()

    def _given_up(self, kind: type[BaseException] | None, *_: object) -> None:
        """Somebody who waited for verdicts wants no more: do not keep them until an endless answer is stopped."""
        if kind is GeneratorExit:
            self.interrupt()
        elif kind is not None:
            self.close()

    def interrupt(self) -> None:
        """End what is being judged on other threads."""
        for place in self._places:
            place.interrupt()

    def _reply(
        self, place: _Place, exercise: Exercise, answer: bytes, *, timeline: bool, tests: tuple[str, ...]
    ) -> tuple[dict[str, Any], str]:
        """What the worker says, and how the worker before it ended where it did so while this was being judged."""
        ended = ""
        while True:
            fresh = not place.is_running
            try:
                return place.judge(exercise, answer, self._patience, timeline=timeline, tests=tests), ended
            except JudgeError as error:  # something killed the worker, between two answers or during this one
                place.close()
                if fresh or self._closed:
                    raise
                ended = str(error)


class _Left:
    """The answers that nobody has begun with, by number.

    To get ready for an exercise takes longer than to judge an answer to it. So whoever has done it is given the rest of
    that exercise's answers, and helps with another one when there are none.
    """

    def __init__(self, exercises: Iterable[Exercise]) -> None:
        self._numbers: dict[Exercise, deque[int]] = {}
        for number, exercise in enumerate(exercises):
            self._numbers.setdefault(exercise, deque()).append(number)
        self._begun: set[Exercise] = set()
        self._lock = threading.Lock()

    def take(self, ready_for: Exercise | None) -> int | None:
        """The number of the next answer for somebody who is `ready_for` an exercise; None when there is none left."""
        with self._lock:
            exercise = ready_for if ready_for in self._numbers else self._next()
            if exercise is None:
                return None
            self._begun.add(exercise)
            number = self._numbers[exercise].popleft()
            if not self._numbers[exercise]:
                del self._numbers[exercise]
            return number

    def clear(self) -> None:
        """Leave the rest."""
        with self._lock:
            self._numbers.clear()

    def _next(self) -> Exercise | None:
        """The first exercise that nobody has begun with; then the one with the most answers left."""
        fresh = (exercise for exercise in self._numbers if exercise not in self._begun)
        return next(fresh, max(self._numbers, key=lambda one: len(self._numbers[one]), default=None))


class _Place:
    """Where one answer at a time is judged: a process, and the bench that it has prepared, or used last."""

    def __init__(self, kind: type[Warm | Cold]) -> None:
        self._kind = kind
        self._process: Process | None = None
        self._bench: Bench | None = None
        self._job: Job | None = None
        self.is_closed = False

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def exercise(self) -> Exercise | None:
        """The one that it is prepared for."""
        return self._bench.exercise if self._bench is not None else None

    def prepare(self, exercise: Exercise, *, timeline: bool = False, tests: tuple[str, ...] = ()) -> Bench:
        timeline = timeline or exercise.reads_timeline
        bench = self._bench
        if bench is not None and bench.is_for(exercise) and self._job is not None:
            wanted = replace(self._job, timeline=timeline, tests=tests)
            if self._job == wanted:
                with suppress(OSError):  # then it takes another one
                    bench.renew()
                    return bench
        self._clear()
        self._process = process = self._process or self._kind()
        if self.is_closed:  # while it started
            raise JudgeError("Nothing is judged any more")
        self._bench = bench = Bench(exercise, process.folder)
        job = Job(str(bench.root), exercise.name, exercise.module, timeline, tests)
        process.prepare(job)
        self._job = job
        return bench

    def judge(
        self, exercise: Exercise, answer: bytes, patience: float, *, timeline: bool, tests: tuple[str, ...]
    ) -> dict[str, Any]:
        bench = self.prepare(exercise, timeline=timeline, tests=tests)
        assert self._process is not None  # noqa: S101 - that is what preparing does
        bench.put(answer)
        reply = self._process.judge(patience)
        reply["output"] = reply["output"].replace(f"{bench.root}{os.sep}", "")
        return reply

    def interrupt(self) -> None:
        if (process := self._process) is not None:
            process.interrupt()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()
        self._clear()

    def _clear(self) -> None:
        bench, self._bench, self._job = self._bench, None, None
        if bench is not None:
            bench.close()
