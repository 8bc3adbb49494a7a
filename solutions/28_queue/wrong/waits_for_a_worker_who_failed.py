# fails: test_a_torn_film_stops_the_lab_and_is_reported
# looks like: a worker fails, and join() waits for films that nobody will ever finish
"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    table = asyncio.Queue(room)

    async def work():
        while True:
            film = await table.get()
            await develop(film)
            table.task_done()

    tasks = [asyncio.create_task(work()) for _ in range(workers)]
    async for film in films:
        await table.put(film)
    await table.join()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
