# fails: test_nobody_stands_idle test_a_torn_film_stops_the_lab_and_is_reported
# looks like: each batch waits for its slowest film before the next one begins, and the table is no longer filled meanwhile
"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    batch = []
    async for film in films:
        batch.append(film)
        if len(batch) == workers:
            await asyncio.gather(*(develop(film) for film in batch))
            batch = []
    await asyncio.gather(*(develop(film) for film in batch))
