"""Runs inside the child process: pytest over one answer, and every event told as a line of JSON.

Only this module and `witness` import pytest here. Events are written as they happen, so that
what was seen before a hang or a crash is not lost:

    collected {tests}              started {test}              broken {…}: the test module could not be imported
    report {test, when, outcome, seconds, text, printed}       raised {test, …}: the exception behind a failed report
    measured {tests: what --redloop-json says}                 finished {status}: pytest's exit status
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from redloop.dojo.job import Job
from redloop.dojo.verdict import BROKE_DOWN
from redloop.dojo.witness import Witness

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable

# What a run of an exercise consists of. Nothing else that is installed is loaded: a learner's environment may hold
# plugins that shuffle, distribute or trace tests. A set that needs one more says `-p name` in its pytest.ini.
# By the names of their entry points, which is what plugins ask for when they look for each other.
PLUGINS = ("asyncio", "timeout", "hypothesispytest", "redloop.pytest_plugin")
MOST_AHEAD = 1 << 20  # bytes told before there is an answer
MOST_MEMORY = 4 << 30  # bytes of address space: more is a MemoryError, and the computer stays usable


def arguments(job: Job) -> list[str]:
    """What pytest is told for the folder `job.exercise` below `job.root`, which has the set's pytest.ini."""
    root = Path(job.root)
    return [
        str(root / job.exercise),
        f"--rootdir={root}",
        f"--config-file={root / 'pytest.ini'}",
        f"--basetemp={root / 'tmp'}",
        f"--redloop-json={root / 'measured.json'}",
        f"--redloop-timeline={'all' if job.timeline else 'never'}",
        "--import-mode=prepend",
        "--tb=native",  # the cheapest; the texts that a learner sees are made from the exceptions
        "--color=no",
        "--no-header",
        "--no-summary",
        "-pno:cacheprovider",
        *(f"-p{name}" for name in PLUGINS),
    ]


def run(job: Job, events: int | str, wait: Callable[[], None] | None = None) -> int:
    """Judge the answer; returns pytest's exit status.

    `events` is a path, or a file descriptor, that this function writes the events to. `wait` returns when the answer
    is in its place: until the tests import it, there need not be one.
    """
    root = Path(job.root)
    gate = Gate(job.module, wait)
    with open(events, "w", encoding="utf-8", buffering=MOST_AHEAD) as out:

        def emit(event: str, **data: object) -> None:
            if os.getpid() != gate.process:  # the answer has forked, and this copy would write where the judge does
                os._exit(0)
            out.write(json.dumps({"event": event, **data}) + "\n")
            if gate.is_open:  # what is told ahead is every answer's own
                out.flush()

        witness = Witness(emit, job, gate.open)
        try:
            status = int(pytest.main(arguments(job), plugins=[witness]))
        except SystemExit as stop:  # pytest lets one through that was raised while it imported the tests
            emit("broken", **witness.describe(stop))
            status = int(pytest.ExitCode.INTERRUPTED)
        gate.open()
        measured = root / "measured.json"
        if measured.exists():
            emit("measured", tests=json.loads(measured.read_text(encoding="utf-8"))["tests"])
        emit("finished", status=status)
    return status


class Gate:
    """Stops pytest right before it imports the answer, or runs the first test, until there is an answer.

    So whatever comes before that (pytest's start, its plugins, the rewriting of the test module's assertions) can be
    done ahead. It stands in front of the other finders of `sys.meta_path`, finds nothing, and leaves once it was open.
    """

    def __init__(self, module: str, wait: Callable[[], None] | None) -> None:
        self._module = module
        self._wait = wait
        self.process = os.getpid()
        """The one that judges: `wait` may return in another."""
        if wait is not None:
            sys.meta_path.insert(0, self)

    @property
    def is_open(self) -> bool:
        """Whether there is an answer."""
        return self._wait is None

    def find_spec(self, name: str, *_: object) -> None:
        """Called for every module that is imported and was not before."""
        if name == self._module:
            self.open()

    def open(self) -> None:
        """Wait for the answer, the first time that this is called."""
        if self._wait is None:
            return
        wait, self._wait = self._wait, None
        sys.meta_path.remove(self)
        gc.freeze()  # what there is by now is not the answer's, and need not be looked through for its garbage
        wait()
        self.process = os.getpid()
        importlib.invalidate_caches()  # the answer's folder was looked into before the answer was there


def run_and_exit(*arguments: Any) -> NoReturn:
    """`run` in a process that ends with it, whatever the answer did to the process."""
    status = BROKE_DOWN
    try:
        _limit_memory()
        status = run(*arguments)
    except BaseException as error:  # noqa: BLE001 - it closed files or replaced functions that pytest or we need
        with suppress(OSError):
            os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace"))
    finally:
        os._exit(status)  # no atexit: a thread that the answer left behind would keep us


def _limit_memory() -> None:
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        with suppress(OSError, ValueError):  # not every system has it
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


if __name__ == "__main__":  # the way without a warm worker
    job = Job.from_json(json.loads(sys.argv[1]))
    os.chdir(job.root)
    run_and_exit(job, sys.argv[2])
