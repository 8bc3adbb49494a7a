"""The scanner calls back when it is ready. Turn that into something to await."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Scanner(Protocol):  # given
    def start(self, on_page: Callable[[str], None], on_error: Callable[[Exception], None]) -> None:
        """Returns at once. Calls one of the two later: from any thread, and now and then once more than it should."""

    def stop(self) -> None:
        """Stops the paper. A page that is already on its way may still be reported."""


async def scan(scanner: Scanner) -> str:
    """The page, at the moment when the scanner reports it. Raises the error that the scanner reports.

    Only the first report counts. When scan() is cancelled, it stops the scanner.
    """
    reports: list[str | Exception] = []
    scanner.start(reports.append, reports.append)
    try:
        # TODO: "is it there yet?", a hundred times a second. Wait without asking.
        while not reports:
            await asyncio.sleep(0.01)
    except asyncio.CancelledError:
        scanner.stop()
        raise
    if isinstance(reports[0], Exception):
        raise reports[0]
    return reports[0]
