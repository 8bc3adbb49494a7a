# fails: test_an_empty_shop_is_exported_too
# looks like: a shop without rows ends with an error, and 0 rows are what it has
import asyncio


async def export(shop, most, save, patience):
    session = await shop.login()
    try:
        saved = number = 0
        while saved < most and (page := await asyncio.wait_for(shop.page(session, number), patience)):
            for row in page[: most - saved]:
                await save(row)
                saved += 1
            number += 1
        if not saved:
            raise ValueError("nothing to export")
        return saved
    finally:
        await shop.logout(session)
