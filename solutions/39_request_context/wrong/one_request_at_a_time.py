# fails: test_requests_are_served_at_the_same_time test_the_caller_is_who_it_was
# looks like: a lock lets in one request at a time, and a request that calls another one waits for itself
"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_current = "-"
_lock = asyncio.Lock()


def request_id() -> str:
    """The name of the request for which this code is running, or "-" outside of any."""
    return _current


async def serve(name: str, handler: Callable[[], Awaitable[T]]) -> T:
    """Run `handler` as the request `name`; afterwards the caller is whoever it was before."""
    global _current
    async with _lock:
        before, _current = _current, name
        try:
            return await handler()
        finally:
            _current = before


async def in_thread(function: Callable[[], T]) -> T:
    """Run a function that blocks in a worker thread, for the same request."""
    return await asyncio.get_running_loop().run_in_executor(None, function)
