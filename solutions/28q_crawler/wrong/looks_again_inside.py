# fails: test_every_page_once
# looks like: the page is looked up once more when its turn has come, and others may be fetching it just then
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio
from collections.abc import Awaitable, Callable


async def crawl(fetch: Callable[[str], Awaitable[list[str]]], start: str, limit: int) -> dict[str, list[str]]:
    """The links of every page that can be reached from `start`. `fetch` gives the links of one page.

    At most `limit` pages are fetched at a time, and so many as long as there are enough known ones. An error ends it all.
    """
    found: dict[str, list[str]] = {}
    at_work = asyncio.Semaphore(limit)

    async def visit(page: str) -> None:
        if page in found:
            return
        async with at_work:
            if page in found:
                return
            found[page] = await fetch(page)
        for link in found[page]:
            group.create_task(visit(link))

    async with asyncio.TaskGroup() as group:
        group.create_task(visit(start))
    return found
