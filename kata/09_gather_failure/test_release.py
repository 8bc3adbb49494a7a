import asyncio
from contextlib import suppress

from hypothesis import example, given, strategies as st
from release import release


class DiskFull(Exception):
    """No room for the new version."""


class Fleet:
    """Each install takes its own seconds; one that is stopped takes `undo` seconds to put the old version back."""

    def __init__(self, seconds: dict[str, float], full: str = "", undo: dict[str, float] | None = None) -> None:
        self.seconds, self.full, self.undo = seconds, full, undo or {}
        self.busy: set[str] = set()

    async def install(self, server: str) -> str:
        self.busy.add(server)
        try:
            await asyncio.sleep(self.seconds[server])
            if server == self.full:
                raise DiskFull(server)
        except asyncio.CancelledError:
            await asyncio.sleep(self.undo[server])
            raise
        finally:
            self.busy.remove(server)
        return f"{server} took {self.seconds[server]} s"


async def test_nobody_works_on_after_the_failure():
    fleet = Fleet({"ams": 9, "ber": 1, "cph": 5, "dub": 0.5}, full="ber", undo={"ams": 1, "cph": 2.5})
    with suppress(Exception):
        await release(fleet.install, list(fleet.seconds))
    left = sorted(fleet.busy)
    await asyncio.sleep(60)  # whatever was left running comes to its end
    assert left == [], f"ber failed and release() was over, but still at work: {', '.join(left)}"


async def test_the_others_are_stopped_at_once(stopwatch):
    fleet = Fleet({"ams": 9, "ber": 1, "cph": 5, "dub": 0.5}, full="ber", undo={"ams": 0.25, "cph": 0.5})
    with stopwatch() as run, suppress(Exception):
        await release(fleet.install, list(fleet.seconds))
    await asyncio.sleep(60)
    assert run.elapsed <= 1.5, f"ber failed at 1 s, undoing takes 0.5 s: why was release() over only at {run.elapsed} s?"


async def test_the_failure_reaches_the_caller():
    fleet = Fleet({"eze": 4, "fra": 2}, full="fra", undo={"eze": 1})
    task = asyncio.create_task(release(fleet.install, list(fleet.seconds)))
    await asyncio.wait([task])
    await asyncio.sleep(60)
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    heard = isinstance(error, DiskFull) and "fra" in str(error)
    assert heard, f"the disk of fra was full, and what release() raised is {error!r}"


@example(seconds={f"server {number}": number % 9 + 1 for number in range(50)})
@given(seconds=st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 9), min_size=1, max_size=5))
async def test_all_at_the_same_time_answers_in_order(stopwatch, seconds):
    with stopwatch() as run:
        answers = await release(Fleet(seconds).install, list(seconds))
    assert answers == [f"{server} took {wait} s" for server, wait in seconds.items()]
    assert run.elapsed == max(seconds.values()), f"{len(seconds)} servers, and none needs to wait for another"
