# fails: test_two_rows_at_the_same_time
# looks like: the next row goes to a worker when the one before has come back
import asyncio


async def render(pool, draw, rows):
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(pool, draw, row) for row in rows]
