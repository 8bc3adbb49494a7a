"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import contextvars

_current = contextvars.ContextVar("request")


def request_id():
    return _current.get("-")


async def serve(name, handler):
    context = contextvars.copy_context()
    context.run(_current.set, name)

    async def run():
        return await handler()

    return await asyncio.create_task(run(), context=context)


async def in_thread(function):
    return await asyncio.to_thread(function)
