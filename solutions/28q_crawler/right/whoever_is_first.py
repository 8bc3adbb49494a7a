"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    found, waiting, seen, fetching = {}, [start], {start}, {}
    try:
        while waiting or fetching:
            while waiting and len(fetching) < limit:
                page = waiting.pop()
                fetching[asyncio.create_task(fetch(page))] = page
            done, _ = await asyncio.wait(fetching, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                found[fetching.pop(task)] = links = task.result()
                waiting += set(links) - seen
                seen.update(links)
    finally:
        for task in fetching:
            task.cancel()
        await asyncio.gather(*fetching, return_exceptions=True)
    return found
