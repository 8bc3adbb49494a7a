# fails: test_reads_what_is_needed_and_logs_out test_a_page_that_never_comes_is_given_up test_an_error_logs_out_too
# looks like: all the pages are read before the first row is saved
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
    everything = [row async for row in rows(shop, patience)]
    for row in everything[:most]:
        await save(row)
    return len(everything[:most])
