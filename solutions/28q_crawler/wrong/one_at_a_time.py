# fails: test_as_many_as_allowed test_a_slow_page_holds_up_no_other test_an_error_ends_it_all
# looks like: one page is fetched after another
"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    found, todo = {}, [start]
    while todo:
        page = todo.pop()
        if page not in found:
            found[page] = await fetch(page)
            todo += found[page]
    return found
