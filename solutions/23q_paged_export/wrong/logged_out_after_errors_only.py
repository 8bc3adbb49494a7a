# fails: test_reads_what_is_needed_and_logs_out test_an_error_logs_out_too test_a_cancellation_logs_out_too
# looks like: an `except` closes the session after some errors, and the rows can end in other ways
import asyncio
from contextlib import aclosing


async def rows(shop, patience):
    session = await shop.login()
    number = 0
    try:
        while page := await asyncio.wait_for(shop.page(session, number), patience):
            for row in page:
                yield row
            number += 1
    except (OSError, asyncio.CancelledError):
        await shop.logout(session)
        raise
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
