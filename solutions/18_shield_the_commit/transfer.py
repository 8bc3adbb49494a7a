"""Money leaves one account and reaches another. Nobody may stop in between."""

import asyncio
from collections.abc import Awaitable, Callable


async def transfer(commit: Callable[[], Awaitable[str]]) -> str:
    """The receipt of `commit()`, which is called once; its error goes to the caller.

    A commit that has begun is carried through. When transfer() is cancelled meanwhile, once or more often, it
    waits until the commit has ended, and then the cancellation goes on to the caller.
    """
    task = asyncio.create_task(commit())  # the one reference that outlives every cancellation
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])  # like shield(): a cancellation ends the wait, not the task
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled  # late, but never swallowed
    return task.result()
