import asyncio


async def export(shop, most, save, patience):
    session = await shop.login()
    try:
        saved = number = 0
        while saved < most:
            async with asyncio.timeout(patience):
                page = await shop.page(session, number)
            for row in page[: most - saved]:
                await save(row)
                saved += 1
            if not page:
                break
            number += 1
        return saved
    finally:
        await shop.logout(session)
