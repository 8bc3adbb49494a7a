# fails: test_every_line_has_the_name_of_its_request test_tasks_of_a_request_belong_to_it test_worker_threads_know_the_request test_the_caller_is_who_it_was
# looks like: the name is kept for each thread, and all requests run in the same one
"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import threading

_local = threading.local()


def request_id():
    return getattr(_local, "name", "-")


async def serve(name, handler):
    before = request_id()
    _local.name = name
    try:
        return await handler()
    finally:
        _local.name = before


async def in_thread(function):
    return await asyncio.to_thread(function)
