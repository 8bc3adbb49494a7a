"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    table = asyncio.Queue(room)

    async def work():
        while True:
            film = await table.get()
            await develop(film)
            table.task_done()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work()) for _ in range(workers)]
        async for film in films:
            await table.put(film)
        await table.join()
        for task in tasks:
            task.cancel()
