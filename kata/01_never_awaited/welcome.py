"""A new member signs up, and a letter is promised."""

from collections.abc import Awaitable, Callable


async def sign_up(name: str, send: Callable[[str], Awaitable[None]]) -> str:
    """Send the welcome letter and say so.

    The reply comes after the letter is out. An error of `send` goes to the caller.
    """
    # TODO: the reply says that the letter has been sent, but the post office never saw it.
    send(name)
    return f"Welcome, {name}! Your letter has been sent."
