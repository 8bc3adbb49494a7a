# fails: test_worker_threads_know_the_request
# looks like: the function runs in the event loop's own thread, and keeps everybody else from running
from contextvars import ContextVar

_current = ContextVar("request", default="-")


def request_id():
    return _current.get()


async def serve(name, handler):
    token = _current.set(name)
    try:
        return await handler()
    finally:
        _current.reset(token)


async def in_thread(function):
    return function()
