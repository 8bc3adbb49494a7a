# fails: test_every_film_once_and_not_too_many_at_a_time test_no_more_comes_in_than_there_is_room_for test_nobody_stands_idle test_a_torn_film_stops_the_lab_and_is_reported test_an_empty_table_is_not_the_end_of_the_day
# looks like: films that come while the table is full are turned away
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
            await develop(film)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
        async for film in films:
            if not table.full():
                table.put_nowait(film)
        for _ in range(workers):  # whoever takes one goes home, so each needs their own
            await table.put(None)
