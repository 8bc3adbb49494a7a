import asyncio


async def offer(ask, limit, otherwise):
    async def questions():
        return await ask("price of " + await ask("seat"))

    try:
        return await asyncio.wait_for(questions(), limit)
    except asyncio.TimeoutError:
        return otherwise
