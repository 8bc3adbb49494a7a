# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer test_asks_for_each_panel_once
# looks like: the panels are started in tasks, and then fetched a second time one by one
import asyncio


async def dashboard(fetch, panels):
    for panel in panels:
        asyncio.create_task(fetch(panel))
    return [await fetch(panel) for panel in panels]
