# fails: test_a_page_that_never_comes_is_given_up
# looks like: a page that is late ends the export as if there were no more rows
import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    try:
        number = 0
        while True:
            try:
                page = await asyncio.wait_for(shop.page(session, number), patience)
            except TimeoutError:
                page = []
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
