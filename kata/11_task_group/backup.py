"""Copy every file of a long listing, while the listing is still coming in."""

import asyncio
from collections.abc import Awaitable, Callable


async def backup(next_page: Callable[[], Awaitable[list[str]]], copy: Callable[[str], Awaitable[str]]) -> list[str]:
    """What `copy(file)` answered for every file, in the order of the listing, which ends with an empty page.

    When anything fails, a copy or a page, every copy is stopped at once and has tidied up before the error
    leaves, on its own or in an ExceptionGroup.
    """
    copies = []
    # TODO: while this loop waits for a page, nobody looks after the copies. Give them a keeper.
    while page := await next_page():
        copies += [asyncio.create_task(copy(file)) for file in page]
    return [await task for task in copies]
