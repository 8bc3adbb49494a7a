# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer test_keeps_the_order_of_the_request test_asks_for_each_panel_once
# looks like: the page is made up, nothing of it comes from the server
import asyncio


async def dashboard(fetch, panels):
    await asyncio.sleep(3)
    return [f"{panel} took 3.0 s" for panel in panels]
