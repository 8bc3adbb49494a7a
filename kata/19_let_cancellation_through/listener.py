"""Listens to a feed until it ends, or until somebody has heard enough."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Feed(Protocol):  # given
    async def read(self) -> str | None:
        """The next message, when it comes; None at the end."""

    async def close(self) -> None:
        """Says goodbye, which takes a moment. To be called once."""


async def listen(feed: Feed, keep: Callable[[str], None]) -> None:
    """Keep every message. Close the feed when it ends, fails, or when listen() is cancelled.

    Errors and cancellations go on to the caller.
    """
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except asyncio.CancelledError:
        # TODO: what does the one who cancelled learn from this?
        keep("(stopped)")
    finally:
        await feed.close()
