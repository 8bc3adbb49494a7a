import asyncio
from contextlib import aclosing, asynccontextmanager
from itertools import count


@asynccontextmanager
async def logged_in(shop):
    session = await shop.login()
    try:
        yield session
    finally:
        await shop.logout(session)


async def pages(shop, patience):
    async with logged_in(shop) as session:
        for number in count():
            page = await asyncio.wait_for(shop.page(session, number), patience)
            if not page:
                break
            yield page


async def export(shop, most, save, patience):
    saved = 0
    async with aclosing(pages(shop, patience)) as stream:
        async for page in stream:
            for row in page[: most - saved]:
                await save(row)
                saved += 1
            if saved == most:
                break
    return saved
