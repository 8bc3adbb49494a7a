# fails: test_a_page_that_never_comes_is_given_up
# looks like: each page gets five seconds, whatever `patience` says
import asyncio


async def export(shop, most, save, patience):
    session = await shop.login()
    try:
        saved = number = 0
        while page := await asyncio.wait_for(shop.page(session, number), 5):
            for row in page:
                await save(row)
                saved += 1
                if saved == most:
                    return saved
            number += 1
        return saved
    finally:
        await shop.logout(session)
