# fails: test_a_long_page_takes_no_longer
# looks like: the page is fetched in batches, and each batch waits for the slowest one of the batch before
import asyncio


async def dashboard(fetch, panels):
    page = []
    for start in range(0, len(panels), 5):
        page += await asyncio.gather(*(fetch(panel) for panel in panels[start : start + 5]))
    return page
