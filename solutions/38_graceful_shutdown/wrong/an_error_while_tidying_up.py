# fails: test_a_failure_is_no_reason_to_stop
# looks like: a request that fails while it tidies up makes close() fail, and the others are not waited for
"""The office closes: nobody new comes in, and those inside are served, if it does not take too long."""

import asyncio
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
            _, late = await asyncio.wait(self.inside, timeout=limit)
            for task in late:
                task.cancel()
            for task in late:
                try:
                    await task
                except asyncio.CancelledError:
                    pass
