# fails: test_an_error_ends_it_all
# looks like: after an error the other pages are still being fetched, and nobody waits for them
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    found, known, at_work = {}, {start}, asyncio.Semaphore(limit)

    async def visit(page):
        async with at_work:
            found[page] = await fetch(page)
        news = [link for link in dict.fromkeys(found[page]) if link not in known]
        known.update(news)
        await asyncio.gather(*(visit(link) for link in news))

    await visit(start)
    return found
