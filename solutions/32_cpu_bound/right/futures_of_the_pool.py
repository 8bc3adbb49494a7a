import asyncio


async def render(pool, draw, rows):
    drawn = [pool.submit(draw, row) for row in rows]
    return [await asyncio.wrap_future(row) for row in drawn]
