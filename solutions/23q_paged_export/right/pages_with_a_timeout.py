import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    try:
        number = 0
        while True:
            async with asyncio.timeout(patience):
                page = await shop.page(session, number)
            if not page:
                return
            for row in page:
                yield row
            number += 1
    finally:
        await shop.logout(session)


async def export(shop, most, save, patience):
    saved = 0
    async with aclosing(rows(shop, patience)) as stream:
        async for row in stream:
            await save(row)
            saved += 1
            if saved == most:
                break
    return saved
