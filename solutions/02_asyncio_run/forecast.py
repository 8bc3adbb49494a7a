"""A command that prints the weather of some cities."""

import asyncio
from collections.abc import Awaitable, Callable

Fetch = Callable[[str], Awaitable[str]]


async def lines(fetch: Fetch, cities: list[str]) -> list[str]:
    """One line for each city, in order."""
    return [f"{city}: {await fetch(city)}" for city in cities]  # the loop that runs us runs fetch too


def main(fetch: Fetch, cities: list[str]) -> str:
    """What the command prints; ordinary code calls it, so it is no coroutine."""
    return "\n".join(asyncio.run(lines(fetch, cities)))
