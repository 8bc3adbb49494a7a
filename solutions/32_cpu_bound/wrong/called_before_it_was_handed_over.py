# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time
# looks like: the row is drawn here, and the worker only gets the finished one
import asyncio


def finished(row):
    return row


async def render(pool, draw, rows):
    loop = asyncio.get_running_loop()
    return await asyncio.gather(*(loop.run_in_executor(pool, finished, draw(row)) for row in rows))
