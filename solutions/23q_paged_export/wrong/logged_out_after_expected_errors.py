# fails: test_an_error_logs_out_too
# looks like: the errors that were expected log out, and any other one leaves the session open
import asyncio


async def export(shop, most, save, patience):
    session = await shop.login()
    saved = number = 0
    try:
        while saved < most and (page := await asyncio.wait_for(shop.page(session, number), patience)):
            for row in page[: most - saved]:
                await save(row)
                saved += 1
            number += 1
    except (OSError, asyncio.CancelledError):
        await shop.logout(session)
        raise
    await shop.logout(session)
    return saved
