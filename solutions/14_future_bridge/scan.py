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
    loop = asyncio.get_running_loop()
    page: asyncio.Future[str] = loop.create_future()

    def settle(report: str | Exception) -> None:  # runs in the loop
        if page.done():  # reported before, or cancelled
            return
        if isinstance(report, Exception):
            page.set_exception(report)
        else:
            page.set_result(report)

    def send(report: str | Exception) -> None:  # runs in any thread
        loop.call_soon_threadsafe(settle, report)

    scanner.start(send, send)
    try:
        return await page
    except asyncio.CancelledError:
        scanner.stop()
        raise
