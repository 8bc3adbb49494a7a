# fails: test_a_slow_page_holds_up_no_other
# looks like: the pages of each level wait for the slowest one of the level before
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    found, level, at_work = {}, [start], asyncio.Semaphore(limit)

    async def visit(page):
        async with at_work:
            found[page] = await fetch(page)

    while level:
        async with asyncio.TaskGroup() as group:
            for page in level:
                group.create_task(visit(page))
        level = {link for page in level for link in found[page]} - set(found)
    return found
