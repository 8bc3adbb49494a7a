"""A new version for every server, and one of them has no room for it."""

import asyncio
from collections.abc import Awaitable, Callable


async def release(install: Callable[[str], Awaitable[str]], servers: list[str]) -> list[str]:
    """What each `install(server)` answered, in the order of `servers`; all are installed at the same time.

    The first failure goes to the caller, on its own or in an ExceptionGroup. By then nothing is being
    installed any more: every other install was stopped and has put its old version back.
    """
    installs = [asyncio.create_task(install(server)) for server in servers]
    # TODO: when one install fails, gather() hands out its error at once. What do the others do then?
    return await asyncio.gather(*installs)
