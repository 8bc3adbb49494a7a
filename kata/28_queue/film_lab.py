"""Films come in faster than the lab can develop them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable


async def lab(
    films: AsyncIterator[str], develop: Callable[[str], Awaitable[None]], workers: int, room: int
) -> None:
    """Develop every film, `workers` at a time, while at most `room` lie on the table. Return when all is done."""
    # TODO: the table has no end: all films are brought in before the second one is developed.
    table: asyncio.Queue[str | None] = asyncio.Queue()

    async def work() -> None:
        while (film := await table.get()) is not None:
            await develop(film)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
        async for film in films:
            await table.put(film)
        for _ in range(workers):
            await table.put(None)
