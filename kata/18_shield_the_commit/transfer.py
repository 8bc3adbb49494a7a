"""Money leaves one account and reaches another. Nobody may stop in between."""

import asyncio
from collections.abc import Awaitable, Callable


async def transfer(commit: Callable[[], Awaitable[str]]) -> str:
    """The receipt of `commit()`, which is called once; its error goes to the caller.

    A commit that has begun is carried through. When transfer() is cancelled meanwhile, once or more often, it
    waits until the commit has ended, and then the cancellation goes on to the caller.
    """
    # TODO: shield() keeps the commit from being cancelled. What does it do for the one who waits here?
    return await asyncio.shield(commit())
