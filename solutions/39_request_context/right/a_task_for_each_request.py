"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import contextvars

_current = contextvars.ContextVar("request", default="-")


def request_id():
    return _current.get()


async def serve(name, handler):
    async def run():
        _current.set(name)
        return await handler()

    return await asyncio.create_task(run())


async def in_thread(function):
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(None, context.run, function)
