# fails: test_the_caller_is_who_it_was
# looks like: the name stays set when the request is over
"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_current: ContextVar[str] = ContextVar("request", default="-")  # one variable, a value for each task


def request_id() -> str:
    """The name of the request for which this code is running, or "-" outside of any."""
    return _current.get()


async def serve(name: str, handler: Callable[[], Awaitable[T]]) -> T:
    """Run `handler` as the request `name`; afterwards the caller is whoever it was before."""
    _current.set(name)
    return await handler()


async def in_thread(function: Callable[[], T]) -> T:
    """Run a function that blocks in a worker thread, for the same request."""
    return await asyncio.to_thread(function)  # takes the context along; run_in_executor() does not
