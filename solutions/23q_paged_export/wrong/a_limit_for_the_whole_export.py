# fails: test_a_page_that_never_comes_is_given_up test_slow_saving_is_no_reason_to_give_up test_a_cancellation_logs_out_too
# looks like: the limit is on the whole export, and slow saving uses it up
import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    try:
        number = 0
        while True:
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
    async with asyncio.timeout(patience + 1), aclosing(rows(shop, patience)) as stream:
        async for row in stream:
            await save(row)
            saved += 1
            if saved == most:
                break
    return saved
