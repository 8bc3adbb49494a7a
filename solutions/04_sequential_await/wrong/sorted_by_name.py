# fails: test_keeps_the_order_of_the_request
# looks like: the panels come back in alphabetical order, not in the order asked for
import asyncio


async def dashboard(fetch, panels):
    return await asyncio.gather(*(fetch(panel) for panel in sorted(panels)))
