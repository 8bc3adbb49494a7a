# fails: test_nobody_stands_idle test_a_torn_film_stops_the_lab_and_is_reported
# looks like: there is one worker, whatever `workers` says
"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    async for film in films:
        await develop(film)
