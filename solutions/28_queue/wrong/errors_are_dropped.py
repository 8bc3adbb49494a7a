# fails: test_a_torn_film_stops_the_lab_and_is_reported
# looks like: an error of develop() is caught and forgotten, and the lab goes on
"""Films come in faster than the lab can develop them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable


async def lab(
    films: AsyncIterator[str], develop: Callable[[str], Awaitable[None]], workers: int, room: int
) -> None:
    """Develop every film, `workers` at a time, while at most `room` lie on the table. Return when all is done."""
    table: asyncio.Queue[str | None] = asyncio.Queue(maxsize=room)  # when it is full, put() waits

    async def work() -> None:
        while (film := await table.get()) is not None:
            try:
                await develop(film)
            except Exception:
                pass

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
        async for film in films:
            await table.put(film)
        for _ in range(workers):  # whoever takes one goes home, so each needs their own
            await table.put(None)
