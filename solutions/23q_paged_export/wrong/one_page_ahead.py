# fails: test_reads_what_is_needed_and_logs_out
# looks like: the next page is asked for while the rows of this one are saved, needed or not
import asyncio


async def export(shop, most, save, patience):
    session = await shop.login()
    saved = number = 0
    coming = asyncio.create_task(shop.page(session, number))
    try:
        while page := await asyncio.wait_for(coming, patience):
            number += 1
            coming = asyncio.create_task(shop.page(session, number))
            for row in page:
                await save(row)
                saved += 1
                if saved == most:
                    return saved
        return saved
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await shop.logout(session)
