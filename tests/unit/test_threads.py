"""Other threads are not looked at while there is another interpreter: CPython would corrupt its memory."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading

import pytest

from redloop.threads import current_exceptions, current_frames, on_a_processor

INTERPRETERS = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
SCENARIO = f"""
import asyncio, time, {INTERPRETERS} as interpreters
import redloop

def work():
    for _ in range(10):
        other = interpreters.create()
        interpreters.run_string(other, "import os, json")
        interpreters.destroy(other)

async def main():
    await asyncio.to_thread(work)
    work()
    time.sleep(0.06)

with redloop.detect() as calls:
    asyncio.run(main())
print([call.call for call in calls if call.call])
"""


def test_there_are_no_frames_while_there_is_another_interpreter() -> None:
    interpreters = importlib.import_module(INTERPRETERS)
    here = threading.get_ident()
    assert here in current_frames()
    other = interpreters.create()
    try:
        [].pop()
    except IndexError:
        assert current_frames() == {}
        assert current_exceptions() == []
        interpreters.destroy(other)
        assert here in current_frames()
        assert current_exceptions() != []


def test_the_detector_leaves_other_interpreters_alone() -> None:
    run = subprocess.run([sys.executable, "-c", SCENARIO], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "time.sleep" in run.stdout


@pytest.mark.parametrize(
    ("seconds", "computed", "waited", "worked"), [(0.3, 0.3, 0.0, 0.3), (0.3, 0.0, 0.0, 0.3), (0.3, 0.5, 1.0, 0.1)]
)
def test_of_work_that_waits_for_a_processor(seconds: float, computed: float, waited: float, worked: float) -> None:
    assert on_a_processor(seconds, computed, waited) == pytest.approx(worked)
