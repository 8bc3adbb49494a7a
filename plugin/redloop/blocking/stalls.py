# ruff: noqa: SLF001 - frames are what this is about
"""Stalls: one thread looks at what each loop's thread is doing, every few milliseconds."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from redloop.blocking.places import task_name, victims

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

INTERVAL = 0.005  # seconds between two looks


class Watcher(Protocol):
    """Who is told of a stall."""

    def place(self, frame: FrameType) -> Any:
        """Return the line of code that answers for this stack."""

    def stalled(self, place: Any, held: float, span: tuple[float, float], task: str, victims: tuple[str, ...]) -> None:
        """Take note of a step that held the loop for `held` seconds; `span` is from when to when, at most."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One sample: wall clock, and the loop thread's CPU clock and run delay, all in seconds."""

    wall: float
    cpu: float
    delay: float


@dataclass(slots=True)
class _Step:
    """A step that is going on: its first and last look, and how long each line was seen."""

    before: _Look
    first: _Look
    last: _Look
    places: Counter[Any] = field(default_factory=Counter)
    task: str = ""
    victims: tuple[str, ...] = ()

    def held(self, after: _Look | None) -> float:
        """How long this step kept the loop, at least: time that the machine gave to others is not counted."""
        seconds = (self.last.wall - self.first.wall) - (self.last.delay - self.first.delay)
        edges = [(self.before, self.first)] + ([(self.last, after)] if after else [])
        for earlier, later in edges:  # at the edges only what the CPU clock proves
            seconds += min(later.wall - earlier.wall, later.cpu - earlier.cpu)
        return seconds


class WatchedLoop:
    """A loop's thread, seen by the sampler and, at the end, by itself."""

    def __init__(self, loop: Any, watchers: Callable[[], tuple[Watcher, ...]]) -> None:
        self.loop, self._watchers = loop, watchers
        self._thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread)
        self._schedstat: Any = None
        with suppress(OSError):
            self._schedstat = open(f"/proc/self/task/{threading.get_native_id()}/schedstat", "rb", buffering=0)  # noqa: SIM115
        self._lock = threading.Lock()
        self._latest = self._look()
        self._step: _Step | None = None
        self._frame: FrameType | None = None  # held until the next look: a freed frame's identity is used again at once

    def sample(self) -> None:
        """Look at the thread; called by the sampler."""
        with self._lock:
            look = self._look()
            frame = sys._current_frames().get(self._thread)
            key = _step_frame(frame)
            if key is not self._frame:
                self._judge(look)
            if key is not None and frame is not None:
                step = self._step = self._step or _Step(self._latest, look, look)
                self._frame = key
                self._note(step, frame, look)
            self._latest = look

    def close(self) -> None:
        """Judge the step that is going on: the loop stops, or nobody watches any longer."""
        with self._lock:
            self._judge(self._look())
            if self._schedstat is not None:
                self._schedstat.close()
                self._schedstat = None

    def _note(self, step: _Step, frame: FrameType, look: _Look) -> None:
        weight = look.wall - self._latest.wall
        for watcher in self._watchers():
            place = watcher.place(frame)
            if place is not None:
                step.places[watcher, place] += weight  # type: ignore[assignment]
        step.last = look
        step.task = step.task or task_name(self.loop)
        step.victims = victims(self.loop)

    def _judge(self, after: _Look) -> None:
        step, self._step, self._frame = self._step, None, None
        if step is None:
            return
        seconds = step.held(after)
        for watcher in self._watchers():
            seen = [(weight, place) for (one, place), weight in step.places.items() if one is watcher]
            if seen:
                place = max(seen, key=lambda pair: pair[0])[1]
                watcher.stalled(place, seconds, (step.before.wall, after.wall), step.task, step.victims)

    def _look(self) -> _Look:
        delay = 0.0
        if self._schedstat is not None:
            self._schedstat.seek(0)
            delay = int(self._schedstat.read(64).split()[1]) / 1e9
        return _Look(time.perf_counter(), time.clock_gettime(self._clock), delay)


def _step_frame(frame: FrameType | None) -> FrameType | None:
    """Return what is the step that this stack is in: its `Handle._run` frame."""
    while frame is not None and frame.f_code.co_qualname != "Handle._run":
        frame = frame.f_back
    return frame


class Sampler:
    """The thread that looks. It starts with the first loop, sleeps while there is none, and never ends."""

    def __init__(self) -> None:
        self._watched: dict[int, WatchedLoop] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, watched: WatchedLoop) -> None:
        """Watch the loop that starts on this thread."""
        self._watched[threading.get_ident()] = watched
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="redloop sampler", daemon=True)
            self._thread.start()
        self._wake.set()

    def remove(self, thread: int) -> None:
        """Stop watching a thread's loop, and judge its last step."""
        watched = self._watched.pop(thread, None)
        if watched is not None:
            watched.close()

    def threads(self) -> list[int]:
        """Name the threads that are watched."""
        return list(self._watched)

    def _run(self) -> None:
        while True:
            if not self._watched:
                self._wake.clear()
                if not self._watched:
                    self._wake.wait()
            time.sleep(INTERVAL)
            for watched in list(self._watched.values()):
                try:
                    watched.sample()
                except (OSError, ValueError):  # its thread has ended, or it was closed meanwhile
                    continue
