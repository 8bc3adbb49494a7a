# fails: test_an_error_ends_it_all
# looks like: the error is kept until all other pages have been fetched, and only then raised
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio
from collections.abc import Awaitable, Callable


async def crawl(fetch: Callable[[str], Awaitable[list[str]]], start: str, limit: int) -> dict[str, list[str]]:
    """The links of every page that can be reached from `start`. `fetch` gives the links of one page.

    At most `limit` pages are fetched at a time, and so many as long as enough are known. An error ends it all.
    """
    found: dict[str, list[str]] = {}
    known = {start}
    at_work = asyncio.Semaphore(limit)

    async def visit(page: str) -> None:
        async with at_work:
            found[page] = await fetch(page)
        fresh = [link for link in dict.fromkeys(found[page]) if link not in known]
        known.update(fresh)
        for error in await asyncio.gather(*map(visit, fresh), return_exceptions=True):
            if error is not None:
                raise error

    await visit(start)
    return found
