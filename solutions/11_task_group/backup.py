"""Copy every file of a long listing, while the listing is still coming in."""

import asyncio
from collections.abc import Awaitable, Callable


async def backup(next_page: Callable[[], Awaitable[list[str]]], copy: Callable[[str], Awaitable[str]]) -> list[str]:
    """What `copy(file)` answered for every file, in the order of the listing, which ends with an empty page.

    When anything fails, a copy or a page, every copy is stopped at once and has tidied up before the error
    leaves, on its own or in an ExceptionGroup.
    """
    copies = []
    async with asyncio.TaskGroup() as group:  # a failed copy cancels this block too, wherever it waits
        while page := await next_page():
            copies += [group.create_task(copy(file)) for file in page]
    return [task.result() for task in copies]  # the block is over, so every task is
