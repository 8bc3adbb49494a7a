# fails: test_an_empty_table_is_not_the_end_of_the_day
# looks like: as soon as nothing was left to do for a moment, that counted as the end, though more films came
"""Films come in faster than the lab can develop them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable


async def lab(
    films: AsyncIterator[str], develop: Callable[[str], Awaitable[None]], workers: int, room: int
) -> None:
    """Develop every film, `workers` at a time, while at most `room` lie on the table. Return when all is done."""
    table: asyncio.Queue[str] = asyncio.Queue(room)
    nothing_left = asyncio.Event()
    inside = 0

    async def work() -> None:
        nonlocal inside
        while True:
            await develop(await table.get())
            inside -= 1
            if not inside:
                nothing_left.set()

    async with asyncio.TaskGroup() as group:
        at_work = [group.create_task(work()) for _ in range(workers)]
        async for film in films:
            inside += 1
            await table.put(film)
        if inside:
            await nothing_left.wait()
        for worker in at_work:
            worker.cancel()
