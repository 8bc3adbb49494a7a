"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

# TODO: one global for everybody, and the last request to come in signs the log lines of all the others.
_current = "-"


def request_id() -> str:
    """The name of the request for which this code is running, or "-" outside of any."""
    return _current


async def serve(name: str, handler: Callable[[], Awaitable[T]]) -> T:
    """Run `handler` as the request `name`; afterwards the caller is whoever it was before."""
    global _current
    before, _current = _current, name
    try:
        return await handler()
    finally:
        _current = before


async def in_thread(function: Callable[[], T]) -> T:
    """Run a function that blocks in a worker thread, for the same request."""
    return await asyncio.get_running_loop().run_in_executor(None, function)
