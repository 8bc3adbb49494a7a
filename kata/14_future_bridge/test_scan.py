import asyncio
import threading
from collections.abc import Callable

import pytest
from scan import scan


class PaperJam(Exception):
    """A sheet is stuck."""


class Scanner:
    """Makes its reports after `seconds`, all at once; remembers whatever broke because of that."""

    def __init__(self, *reports: str | Exception, seconds: float = 0.2) -> None:
        self.reports, self.seconds = reports, seconds
        self.stops = 0
        self.trouble: list[object] = []

    def start(self, on_page: Callable[[str], None], on_error: Callable[[Exception], None]) -> None:
        self.on_page, self.on_error = on_page, on_error
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.trouble.append(context.get("exception", context)))
        if self.seconds:
            loop.call_later(self.seconds, self.call)

    def stop(self) -> None:
        self.stops += 1

    def call(self) -> None:
        for report in self.reports:
            try:
                (self.on_error if isinstance(report, Exception) else self.on_page)(report)
            except Exception as error:
                self.trouble.append(error)


@pytest.fixture(autouse=True)
async def quiet_again():
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    yield
    loop.set_exception_handler(handler)


@pytest.mark.parametrize("seconds", [0.1, 0.2159265])
async def test_goes_on_when_the_page_is_there(stopwatch, seconds):
    threads = set(threading.enumerate())
    with stopwatch() as run:
        page = await scan(Scanner(f"page {seconds}", seconds=seconds))
    more = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not more, f"a whole thread was kept waiting for one page: {', '.join(more)}"
    assert page == f"page {seconds}"
    assert run.elapsed == seconds, f"the page was there at {seconds} s, and scan() came with it at {run.elapsed} s"


async def test_an_error_is_raised():
    jam = PaperJam("tray 2")
    task = asyncio.create_task(scan(Scanner(jam)))
    await asyncio.wait([task])
    assert task.exception() is jam, f"the scanner reported {jam!r}, and what scan() raised is {task.exception()!r}"


@pytest.mark.parametrize("second", ["page 2", PaperJam("no such tray")])
async def test_a_second_report_changes_nothing(second):
    scanner = Scanner("page 1", second)
    page = await scan(scanner)
    await asyncio.sleep(1)
    assert page == "page 1", f"page 1 was reported first, and scan() came with {page}"
    assert scanner.trouble == [], "the scanner made a second report, and something broke"


async def test_a_cancelled_scan_stops_the_scanner():
    scanner = Scanner("page 1")
    task = asyncio.create_task(scan(scanner))
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), "scan() was cancelled and did not end as cancelled"
    assert scanner.stops == 1, f"scan() was cancelled and told the scanner to stop {scanner.stops} times"
    await asyncio.sleep(5)
    assert scanner.trouble == [], "a page came in after the cancellation, and something broke"


async def test_the_report_comes_from_another_thread():
    scanner, loop = Scanner("page 1", seconds=0), asyncio.get_running_loop()
    task = asyncio.create_task(scan(scanner))
    await asyncio.sleep(0.1)
    loop.set_debug(True)  # now the loop objects to calls from other threads
    await asyncio.to_thread(scanner.call)
    loop.set_debug(False)
    if scanner.trouble:
        task.cancel()
    assert scanner.trouble == [], f"the driver's thread reported a page, and the loop said: {scanner.trouble}"
    assert await task == "page 1"
