"""A new member signs up, and a letter is promised."""

from collections.abc import Awaitable, Callable


async def sign_up(name: str, send: Callable[[str], Awaitable[None]]) -> str:
    """Send the welcome letter and say so.

    The reply comes after the letter is out. An error of `send` goes to the caller.
    """
    await send(name)  # the call builds a coroutine, await runs it to its end, errors included
    return f"Welcome, {name}! Your letter has been sent."
