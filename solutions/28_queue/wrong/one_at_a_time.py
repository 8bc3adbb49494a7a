# fails: test_nobody_stands_idle
# looks like: there is one worker, whatever `workers` says
"""Films come in faster than the lab can develop them."""

import asyncio


async def lab(films, develop, workers, room):
    async for film in films:
        await develop(film)
