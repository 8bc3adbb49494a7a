# fails: test_slow_saving_is_no_reason_to_give_up
# looks like: the time limit goes on while a row is being saved
import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    try:
        number, page = 0, [""]
        while page:
            async with asyncio.timeout(patience):
                page = await shop.page(session, number)
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
