# fails: test_reads_what_is_needed_and_logs_out test_an_error_logs_out_too test_a_cancellation_logs_out_too
# looks like: `export` leaves its loop and nobody closes the rows, so the logout comes later or never
import asyncio


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
    async for row in rows(shop, patience):
        await save(row)
        saved += 1
        if saved == most:
            break
    return saved
