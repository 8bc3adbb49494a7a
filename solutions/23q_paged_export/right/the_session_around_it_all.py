import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def logged_in(shop):
    session = await shop.login()
    try:
        yield session
    finally:
        await shop.logout(session)


async def rows(shop, session, patience):  # holds nothing that it would have to give back
    number = 0
    while page := await asyncio.wait_for(shop.page(session, number), patience):
        for row in page:
            yield row
        number += 1


async def export(shop, most, save, patience):
    saved = 0
    async with logged_in(shop) as session:
        async for row in rows(shop, session, patience):
            await save(row)
            saved += 1
            if saved == most:
                break
    return saved
