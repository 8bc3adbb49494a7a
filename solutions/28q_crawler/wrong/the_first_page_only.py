# fails: test_every_page_once
# looks like: the links of the first page are followed, and the links on those pages are not
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    at_work = asyncio.Semaphore(limit)

    async def visit(page):
        async with at_work:
            return await fetch(page)

    found = {start: await visit(start)}
    news = list(dict.fromkeys(link for link in found[start] if link != start))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(visit(page)) for page in news]
    return found | {page: task.result() for page, task in zip(news, tasks)}
