# fails: test_worker_threads_know_the_request
# looks like: a worker thread is told the name once, and keeps it for the requests that come later
"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import threading
from contextvars import ContextVar

_current = ContextVar("request", default="-")
_local = threading.local()


def request_id():
    return getattr(_local, "name", None) or _current.get()


async def serve(name, handler):
    token = _current.set(name)
    try:
        return await handler()
    finally:
        _current.reset(token)


async def in_thread(function):
    name = _current.get()

    def run():
        if not hasattr(_local, "name"):
            _local.name = name
        return function()

    return await asyncio.get_running_loop().run_in_executor(None, run)
