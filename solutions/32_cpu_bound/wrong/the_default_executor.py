# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time
# looks like: without a pool the loop takes its own, and that one has threads
import asyncio


async def render(pool, draw, rows):
    loop = asyncio.get_running_loop()
    return await asyncio.gather(*(loop.run_in_executor(None, draw, row) for row in rows))
