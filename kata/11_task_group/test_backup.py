import asyncio
from contextlib import suppress

import pytest
from backup import backup


class Unreadable(Exception):
    """A file or a page of the listing that cannot be read."""


class Disk:
    """A page takes 1 s, a file its own seconds; a copy that is stopped takes `tidy` s to remove what it has written."""

    def __init__(self, *pages: dict[str, float], broken: str = "", tidy: float = 2) -> None:
        self.pages = iter([*pages, {}])
        self.seconds = {file: seconds for page in pages for file, seconds in page.items()}
        self.broken, self.tidy = broken, tidy
        self.number = 0
        self.busy: list[str] = []

    async def next_page(self) -> list[str]:
        self.busy.append("the listing")
        try:
            await asyncio.sleep(1)
        finally:
            self.busy.remove("the listing")
        self.number += 1
        if self.broken == f"page {self.number}":
            raise Unreadable(self.broken)
        return list(next(self.pages))

    async def copy(self, file: str) -> str:
        self.busy.append(file)
        try:
            await asyncio.sleep(self.seconds[file])
            if file == self.broken:
                raise Unreadable(file)
        except asyncio.CancelledError:
            await asyncio.sleep(self.tidy)
            raise
        finally:
            self.busy.remove(file)
        return f"{file} took {self.seconds[file]} s"


@pytest.mark.parametrize(
    ("broken", "at", "tidy"), [("b.txt", 1.5, 2), ("b.txt", 1.5, 0.25), ("page 2", 2.0, 0.5), ("c.txt", 9.0, 3)]
)
async def test_a_failure_stops_everything_at_once(stopwatch, broken, at, tidy):
    disk = Disk({"a.txt": 9, "b.txt": 0.5}, {"c.txt": 7}, {"d.txt": 6}, broken=broken, tidy=tidy)
    with stopwatch() as run, suppress(Exception):
        await backup(disk.next_page, disk.copy)
    left = sorted(disk.busy)
    await asyncio.sleep(60)  # whatever was left running comes to its end
    assert left == [], f"{broken} failed and backup() was over, but still at work: {', '.join(left)}"
    assert run.elapsed <= at + tidy, f"{broken} failed at {at} s, tidying up takes {tidy} s: over at {run.elapsed} s"


@pytest.mark.parametrize("broken", ["b.txt", "page 2"])
async def test_the_failure_reaches_the_caller(broken):
    disk = Disk({"a.txt": 3, "b.txt": 5}, {"c.txt": 4}, broken=broken)
    task = asyncio.create_task(backup(disk.next_page, disk.copy))
    await asyncio.wait([task])
    await asyncio.sleep(60)
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    heard = isinstance(error, Unreadable) and broken in str(error)
    assert heard, f"{broken} could not be read, and what backup() raised is {error!r}"


async def test_copies_while_the_listing_comes_in(stopwatch):
    disk = Disk({"a.txt": 5, "b.txt": 9}, {"c.txt": 2}, {"d.txt": 6}, {"e.txt": 1})
    with stopwatch() as run:
        await backup(disk.next_page, disk.copy)
    assert run.elapsed == 10.0, "b.txt is listed after 1 s and takes 9 s; nothing else needs longer"


async def test_keeps_the_order_of_the_listing():
    disk = Disk(*({f"{page}-{n}.txt": 1 + (7 * n + page) % 9 for n in range(9)} for page in range(4)))
    answers = await backup(disk.next_page, disk.copy)
    assert await backup(Disk().next_page, disk.copy) == [], "an empty disk has no files"
    assert answers == [f"{file} took {seconds} s" for file, seconds in disk.seconds.items()]
