# fails: test_reads_what_is_needed_and_logs_out test_an_error_logs_out_too test_a_page_that_never_comes_is_given_up test_slow_saving_is_no_reason_to_give_up test_a_cancellation_logs_out_too test_an_empty_shop_is_exported_too
# looks like: the logout is started and left to itself
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
        asyncio.create_task(shop.logout(session))


async def export(shop, most, save, patience):
    saved = 0
    async with aclosing(rows(shop, patience)) as stream:
        async for row in stream:
            await save(row)
            saved += 1
            if saved == most:
                break
    return saved
