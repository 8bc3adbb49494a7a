# fails: test_no_more_comes_in_than_there_is_room_for
# looks like: all films are brought in before anybody starts to work
"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    everything = [film async for film in films]
    at_work = asyncio.Semaphore(workers)

    async def work(film):
        async with at_work:
            await develop(film)

    async with asyncio.TaskGroup() as group:
        for film in everything:
            group.create_task(work(film))
