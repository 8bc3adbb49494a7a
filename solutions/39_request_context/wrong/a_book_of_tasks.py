# fails: test_tasks_of_a_request_belong_to_it test_worker_threads_know_the_request
# looks like: the name is kept for one task, and neither the tasks that it makes nor its threads are in the book
"""Which request does this line belong to? Many are served at once, and each has its own name."""

import asyncio
import weakref

_names = weakref.WeakKeyDictionary()


def request_id():
    try:
        return _names.get(asyncio.current_task(), "-")
    except RuntimeError:
        return "-"


async def serve(name, handler):
    task = asyncio.current_task()
    before = request_id()
    _names[task] = name
    try:
        return await handler()
    finally:
        _names[task] = before


async def in_thread(function):
    return await asyncio.to_thread(function)
