# fails: test_every_film_once_and_not_too_many_at_a_time test_nobody_stands_idle test_a_torn_film_stops_the_lab_and_is_reported test_an_empty_table_is_not_the_end_of_the_day
# looks like: the workers are sent home when the last film has come in, not when it has been developed
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
        for task in tasks:
            task.cancel()
