import asyncio
from contextlib import suppress


async def offer(ask, limit, otherwise):
    price = otherwise
    with suppress(TimeoutError):
        async with asyncio.timeout_at(asyncio.get_running_loop().time() + limit):
            seat = await ask("seat")
            price = await ask(f"price of {seat}")
    return price
