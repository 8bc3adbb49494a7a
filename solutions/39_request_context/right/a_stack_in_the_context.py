"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import contextvars

_names = contextvars.ContextVar("names", default=())


def request_id():
    return _names.get()[-1] if _names.get() else "-"


async def serve(name, handler):
    before = _names.get()
    _names.set((*before, name))
    try:
        return await handler()
    finally:
        _names.set(before)


async def in_thread(function):
    return await asyncio.to_thread(function)
