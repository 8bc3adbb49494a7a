# fails: test_who_is_in_time_gets_a_reply
# looks like: the process is ended where it stands, so nobody gets to tidy up, and the tests are cut off as well
"""The office closes: nobody new comes in, and those inside are served, if it does not take too long."""

import asyncio
import os
from collections.abc import Awaitable, Callable


class Office:
    def __init__(self, handle: Callable[[str], Awaitable[str]]) -> None:  # given
        self.handle = handle
        self.closing = False
        self.inside: set[asyncio.Task[str]] = set()

    def submit(self, request: str) -> asyncio.Task[str]:  # given
        """Begin to serve `request`. Raises RuntimeError from the moment that the office closes."""
        if self.closing:
            raise RuntimeError(f"we are closing: {request} has to come back tomorrow")
        task = asyncio.ensure_future(self.handle(request))
        self.inside.add(task)
        task.add_done_callback(self.inside.discard)
        return task

    async def close(self, limit: float) -> None:
        """Take nobody new, serve who is inside for up to `limit` seconds, cancel the rest, let them tidy up.

        Whether a request failed is for those who hold its task to find out; close() does not raise for it.
        """
        self.closing = True
        if self.inside:
            await asyncio.wait(self.inside, timeout=limit)
        os._exit(0)
