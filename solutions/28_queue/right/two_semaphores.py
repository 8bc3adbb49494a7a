"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    inside, at_work = asyncio.Semaphore(workers + room), asyncio.Semaphore(workers)

    async def work(film):
        try:
            async with at_work:
                await develop(film)
        finally:
            inside.release()

    async with asyncio.TaskGroup() as group:
        async for film in films:
            await inside.acquire()
            group.create_task(work(film))
