"""Two questions, one after the other, and a limit for both together."""

import asyncio
from collections.abc import Awaitable, Callable


async def offer(ask: Callable[[str], Awaitable[str]], limit: float, otherwise: str) -> str:
    """Ask for a "seat", then for the "price of" that seat, and return the price.

    When `limit` seconds are over, the question that is under way is stopped and `otherwise` is returned at
    once. An error from `ask` and a cancellation go on to the caller.
    """
    try:
        async with asyncio.timeout(limit):  # inside, the end of the time is a cancellation
            seat = await ask("seat")
            return await ask(f"price of {seat}")
    except TimeoutError:  # out here it is a TimeoutError
        return otherwise
