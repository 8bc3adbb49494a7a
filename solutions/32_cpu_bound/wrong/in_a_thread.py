# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time
# looks like: a thread shares its process, and the lock for computing, with the event loop
import asyncio


async def render(pool, draw, rows):
    return await asyncio.gather(*(asyncio.to_thread(draw, row) for row in rows))
