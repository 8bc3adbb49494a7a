"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    one_at_a_time = asyncio.Lock()

    async def work():
        while True:
            async with one_at_a_time:
                film = await anext(films, None)
            if film is None:
                return
            await develop(film)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
