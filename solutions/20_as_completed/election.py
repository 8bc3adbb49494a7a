"""Results from many districts, read out on the radio."""

import asyncio
from collections.abc import Awaitable, Callable


async def read_out(
    districts: list[str], count: Callable[[str], Awaitable[str]], announce: Callable[[str], None]
) -> None:
    """Ask every district at once for `count(district)`, and `announce` each result as soon as it is there."""
    for earliest in asyncio.as_completed([count(district) for district in districts]):
        announce(await earliest)  # not the result of a certain district: the next one that there is
