import asyncio


async def backup(next_page, copy):
    copies = []
    listing = asyncio.create_task(next_page())
    pending = {listing}
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if listing in done and (page := listing.result()):
                started = [asyncio.create_task(copy(file)) for file in page]
                listing = asyncio.create_task(next_page())
                copies += started
                pending |= {listing, *started}
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    return [task.result() for task in copies]
