import asyncio


async def render(pool, draw, rows):
    return await asyncio.to_thread(lambda: list(pool.map(draw, rows)))
