# fails: test_a_page_that_never_comes_is_given_up test_a_cancellation_logs_out_too
# looks like: `asyncio.wait` with a timeout stops waiting, and the page is still on its way
import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    try:
        number = 0
        while True:
            task = asyncio.create_task(shop.page(session, number))
            done, _ = await asyncio.wait([task], timeout=patience)
            if not done:
                raise TimeoutError
            page = task.result()
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
